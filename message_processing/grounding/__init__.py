"""Grounding: an extracted value is only kept if the customer has written it.

fields.py   decides for each field of an answer
texts.py    finds a text in messages, apart from case, spaces and punctuation
numbers.py  numbers in digits and words
dates.py    dates and times, also without a year or as a weekday
choices.py  the values of an `enum`
"""
