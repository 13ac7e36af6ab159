"""Write ``docs/learning.md``, on learning and the reach of gradients: `make learning`."""

from docs import page
from docs.stories import clipping, distance, recall, window

PAGE = "learning"
HEAD = """\
# What the gradient lets a network learn

Networks of this engine, trained on small tasks from the literature. `make learning` makes this
page and its figures; every number below comes out of that run. Everything is done with five seeds:
they differ in the weights at the start and in every minibatch. A loss is the mean of the last
twenty training steps; the baseline is the loss of the best answer that remembers nothing.
"""
STORIES = {
    "recall": recall.story,
    "distance": distance.story,
    "window": window.story,
    "clipping": clipping.story,
}


if __name__ == "__main__":
    page.write(PAGE, HEAD, STORIES)
