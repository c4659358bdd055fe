"""One module a screen: `build(ctx)` computes from the store all that the screen needs, as a frozen value.

Views hold numbers, codes and `Text`, never formatted strings: the page draws them, the API serialises them.
"""
