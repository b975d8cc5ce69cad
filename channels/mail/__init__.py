"""E-mail for `channels/email.py`: the format of mails, and connections to their servers.

reading     what a mail is: a message, a bounce, or an automatic reply
senders     whether a mail is from the address that it names
text        the text that the sender has written: without quotes and signatures
attachments files and photos
composing   the mail for a reply
threads     IDs of mails, which show the conversation that a reply belongs to
servers     connections to SMTP and IMAP servers
"""
