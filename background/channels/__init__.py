"""Messages to customers of channels.

opening     the configuration and the kind of a channel
splitting   long texts in parts
sending     the background job that sends the messages of a conversation in order
"""
