"""The lines of a script that compute a norm, and that print its table beside the lab's."""

NORM = (
    "def log10_norm(gradient):",
    "    largest = 0.0 if gradient is None else gradient.abs().max().item()",
    "    if largest in (0.0, inf):",
    "        return log10(largest) if largest else -inf",
    "    return log10(largest) + log10((gradient / largest).norm().item())",
    "",
    "",
)
"""No square underflows in it."""
NORM_OF_ARRAY = (
    "def log10_norm(gradient):",
    "    largest = np.abs(gradient).max(initial=0.0)",
    "    if largest in (0.0, inf):",
    "        return log10(largest) if largest else -inf",
    "    return log10(largest) + log10(np.linalg.norm(gradient / largest))",
    "",
    "",
)
"""The same of an array."""
TABLE = (
    'print(f"L = {loss.item():.9f} ({loss_in_unrolled:.9f} in unrolled)")',
    'print(f"log10 ||dL/dW|| = {d_W_norm:.6f} ({d_W_norm_in_unrolled:.6f} in unrolled)")',
    "for name, column in columns.items():",
    """    print(f"\\n   t  {'token':12} {f'log10 ||{name}_t||':>20} {'in unrolled':>14}")""",
    "    for t, row in enumerate(zip(tokens, column, in_unrolled[name]), start=1):",
    '        print("{:4}  {!r:12} {:20.6f} {:14.6f}".format(t, *row))',
)
