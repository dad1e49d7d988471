"""Charts as data: figures in, one Vega-Lite spec out. The browser and the PDF draw the same spec.

A module per kind of chart. The palette reads in black and white: what differs in meaning differs in lightness or in
line, never in hue alone. No chart holds more than about a hundred marks.
"""
