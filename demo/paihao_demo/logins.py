"""Logins of a demo: a secret for every device, a token for every clerk, an account to look round.

They are made anew in the data folder for each run, as ``paihao credential`` and ``paihao token``
would, and nobody but this process knows them.
"""

import secrets
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from paihao_demo.tally import VISITOR
from paihao_hall.plan import DeviceKind
from paihao_runtime.mqtt import BrokerUrl
from paihao_server.accounts import token_hash
from paihao_server.accounts_db import AccountRow, AccountsDb
from paihao_server.accounts_passwords import Passwords, one_time_password
from paihao_server.credentials import CredentialFile
from paihao_server.folder import DataFolder


class Logins:
    """Makes logins in one data folder."""

    def __init__(self, data: Path) -> None:
        data.mkdir(parents=True, exist_ok=True)
        self._accounts = AccountsDb(DataFolder(data).accounts)
        self._devices = CredentialFile(data)
        self._run = secrets.token_hex(3)

    def device(self, broker: BrokerUrl, name: str, kind: DeviceKind) -> BrokerUrl:
        """Return the broker's address with the login of a device."""
        if self._devices.find(name) is not None:
            self._devices.revoke(name)
        return replace(broker, name=name, secret=self._devices.create(name, kind))

    def clerk(self, name: str) -> str:
        """Return a token for a clerk."""
        token = secrets.token_urlsafe(32)
        taken = {row.name for row in self._accounts.tokens()}
        own = name if name not in taken else f"{name}.{self._run}"
        self._accounts.add_token(own, "clerk", token_hash(token), datetime.now(UTC))
        return token

    def visitor(self) -> str:
        """Return a new password of the account that may open every console."""
        password = one_time_password()
        digest = Passwords().hash_now(password)
        if self._accounts.account(VISITOR) is None:
            row = AccountRow(VISITOR, "manager", "演示访客", digest, False, False)
            self._accounts.add_account(row, datetime.now(UTC))
        else:
            self._accounts.set_password(VISITOR, digest, must_change=False)
        return password

    def close(self) -> None:
        """Let go of the accounts."""
        self._accounts.close()
