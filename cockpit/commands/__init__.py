"""What people may do. Pages never write: they execute commands, and every one is on record."""

from cockpit.commands.dispatch import allowed, execute
from cockpit.commands.model import Actor, Asked, Command, Instant, Message, Result, name_of

__all__ = ["Actor", "Asked", "Command", "Instant", "Message", "Result", "allowed", "execute", "name_of"]
