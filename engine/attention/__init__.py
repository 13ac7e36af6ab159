"""Attention: each output of a decoder looks at every state of its encoder (Bahdanau et al. 2015).

A score compares the decoder's state h_t with each of the encoder's, h_j. There are two:

    dot         e_tj = h_t · h_j                             (Luong et al. 2015)
    additive    e_tj = v_a · tanh(W_a h_t + U_a h_j)         (Bahdanau et al. 2015)

Where the result is read is the same for both, and is that of Luong et al. (2015), the output:

    α_t = softmax(e_t)        v_t = Σ_j α_tj h_j

    q_t = tanh(W_q [v_t, h_t])        y_t = W_hy q_t + b_y

The decoder's own recurrence does not read v_t. In Bahdanau et al. it does, and their score compares
h_j with h_{t-1}; so of theirs there is the score alone, in the place of Luong et al. A loss sends
its gradient to h_t and, past the recurrence, to every h_j: a path of the same length however far
away j is.
"""
