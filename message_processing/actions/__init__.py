"""What stages do: change the customer's own rows, call other systems, store events, end or hand over conversations.

definition     the declaration of an action
checks         what is checked when a stage is saved
"""
