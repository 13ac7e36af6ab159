"""A small lesson for the tests: every kind of step, and claims that the engine computes."""

from pathlib import Path

SLUG = "first-steps"
FACTS = """\
order = 1
sources = ["Elman, J. L. (1990). Finding structure in time. *Cognitive Science* 14(2)."]

[[steps]]
id = "begin"
experiment = { sequence = "the clouds are in the sky" }
view = { position = 12, show = ["stage", "caption", "scale", "cell"] }

  [steps.claims.faint]
  quantity = "ratio"
  t = 1
  below = 0.1

[[steps]]
id = "predict"
experiment = { recurrent_scale = 2 }
view = { position = "end", show = ["stage", "caption", "scale"] }

  [steps.question]
  kind = "choice"
  right = "grows"
  choices = ["same", "grows", "falls"]

[[steps]]
id = "by-hand"
experiment = { sequence = "abba", hidden_size = 2, seed = 3 }
view = { position = 2, timestep = 2, show = ["stage", "caption", "step"] }

  [steps.question]
  kind = "number"

    [steps.question.answer]
    quantity = "hidden"
    t = 2
    unit = 2
    digits = 2

[[steps]]
id = "compare"
experiment = { recurrent_scale = 0.5 }
view = { position = "end", chart = "gradient_norm", show = ["stage", "charts", "pins"] }
pins = [{ cell = "lstm", recurrent_scale = 0.5 }]

  [steps.claims.kept]
  quantity = "gradient"
  t = 1
  pin = 1
  above = 1e-7
"""
ENGLISH = """\
title = "First steps"
goal = "See a gradient travel."

[steps.begin]
title = "It reads"
text = "At $t = 1$ the gradient [falls below 0.1](claim:faint) of what it was. It came far."
notes = "Ask: **what is a timestep?**"

[steps.predict]
title = "Larger weights"
text = "The scale is now 2."
try = "Drag the scale."

  [steps.predict.question]
  ask = "What will the gradient do on its way back?"
    [steps.predict.question.choices.same]
    text = "It stays the same."
    why = "The weights are no longer 1."
    [steps.predict.question.choices.grows]
    text = "It grows."
    why = "Each step multiplies it by about 2."
    [steps.predict.question.choices.falls]
    text = "It falls."
    why = "So it did at scale 1."

[steps.by-hand]
title = "By hand"
text = "Work out the second entry of $h_2$."

  [steps.by-hand.question]
  ask = "What is it?"
  why = "Well done."

[steps.compare]
title = "Two cells"
text = "The LSTM keeps [more than 0.0000001](claim:kept)."
"""
CHINESE = """\
title = "第一步"
goal = "看梯度怎样往回走。"

[steps.begin]
title = "它在读"
text = "在 $t = 1$，梯度[降到原来的 0.1 以下](claim:faint)。"
notes = "问：**什么是时间步？**"

[steps.predict]
title = "更大的权重"
text = "缩放现在是 2。"
try = "拖动缩放。"

  [steps.predict.question]
  ask = "梯度往回走时会怎样？"
    [steps.predict.question.choices.same]
    text = "不变。"
    why = "权重不再是 1。"
    [steps.predict.question.choices.grows]
    text = "变大。"
    why = "每一步大约乘以 2。"
    [steps.predict.question.choices.falls]
    text = "变小。"
    why = "缩放为 1 时是这样。"

[steps.by-hand]
title = "手算一步"
text = "算出 $h_2$ 的第二个分量。"

  [steps.by-hand.question]
  ask = "它是多少？"
  why = "做得好。"

[steps.compare]
title = "两种单元"
text = "LSTM 留下[超过 0.0000001](claim:kept)。"
"""
WORDS = {"en": ENGLISH, "zh-CN": CHINESE}

TRAINING = """
[[steps]]
id = "trained"
training = { task = "recall", length = 5, hidden_size = 8, steps = 20 }
experiment = { sequence = "Dwuzw", target = "D", hidden_size = 8 }
"""
TRAINED = '[steps.trained]\ntitle = "Trained"\ntext = "It has learnt."\n'
"""A step of a trained network, beside the others."""


def written(folder: Path, slug: str = SLUG, facts: str = FACTS, **words: str) -> Path:
    """A folder of lessons that holds this one."""
    lesson = folder / slug
    lesson.mkdir(parents=True)
    (lesson / "lesson.toml").write_text(facts, encoding="utf-8")
    for language, text in (words or WORDS).items():
        (lesson / f"{language}.toml").write_text(text, encoding="utf-8")
    return folder
