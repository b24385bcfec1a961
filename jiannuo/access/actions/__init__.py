"""Write who may: accounts, roles, keys, how people are reached, and the trace of it all."""

from jiannuo.access.actions.accounts import (
    change_password,
    close_account,
    create_account,
    create_key,
    end_grant,
    end_key,
    grant,
    link_official,
    move_account,
    note,
    random_password,
    reset_password,
)
from jiannuo.access.actions.contacts import (
    choose_mail,
    end_feed,
    forget_address,
    make_feed,
    propose_address,
    prove_address,
)
from jiannuo.access.actions.speaking import not_too_often, speak

__all__ = [
    "change_password",
    "choose_mail",
    "close_account",
    "create_account",
    "create_key",
    "end_feed",
    "end_grant",
    "end_key",
    "forget_address",
    "grant",
    "link_official",
    "make_feed",
    "move_account",
    "not_too_often",
    "note",
    "propose_address",
    "prove_address",
    "random_password",
    "reset_password",
    "speak",
]
