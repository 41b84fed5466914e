"""Customers' contact details: sealed, shown to whoever answers for them, erased for good."""

from __future__ import annotations

import re
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from desk_samples import (
    ADMIN,
    AGENT,
    AGENT2,
    EVERYBODY,
    LEADER,
    ORIGIN,
    SUPERVISOR,
    Clock,
    escalation,
    ticket,
)
from sqlalchemy import Engine

from tickets.contacts import Contact
from tickets.desk import Desk
from tickets.errors import ContactsLocked, InvalidInput, NotAllowed, NotFound
from tickets.people import People
from tickets.vault import Vault, new_key

CONTACT = Contact(name="欧阳小满", phone="139-8888-6666", address="柳林路 8 号 3 单元 502")


@pytest.fixture
def keys() -> list[str]:
    return [new_key()]


@pytest.fixture
def desk(engine: Engine, clock: Clock, keys: list[str]) -> Desk:
    return Desk(engine, People(EVERYBODY), clock, vault=Vault(keys))


def test_the_owner_and_who_leads_them_see_it_and_each_look_is_recorded(desk: Desk) -> None:
    logged = desk.log_ticket(AGENT, ticket(), ORIGIN, "t1")
    subject = f"ticket:{logged.id}"
    desk.contacts.keep(AGENT, subject, CONTACT)
    assert desk.contacts.look(AGENT, subject, "回电") == CONTACT
    assert desk.contacts.look(SUPERVISOR, subject) == CONTACT
    for other in (AGENT2, ADMIN):
        assert not desk.contacts.may_look(other, subject)
        with pytest.raises(NotAllowed):
            desk.contacts.look(other, subject)
    assert [(one.person_id, one.reason) for one in desk.contacts.looks(subject)] == [
        (AGENT.id, "回电"),
        (SUPERVISOR.id, ""),
    ]
    assert desk.verify_audit() is None


def test_nothing_readable_is_stored(tmp_path: Path, clock: Clock, keys: list[str]) -> None:
    from tickets import migrations
    from tickets.store import open_engine

    file = tmp_path / "sealed.db"
    engine = open_engine(f"sqlite:///{file}")
    migrations.upgrade(engine)
    desk = Desk(engine, People(EVERYBODY), clock, vault=Vault(keys))
    logged = desk.log_ticket(AGENT, ticket(), ORIGIN, "t1")
    desk.contacts.keep(AGENT, f"ticket:{logged.id}", CONTACT)
    desk.contacts.look(AGENT, f"ticket:{logged.id}")
    engine.dispose()
    with sqlite3.connect(file) as connection:
        dump = "\n".join(connection.iterdump())
    assert "欧阳" not in dump
    assert not re.search(r"8888\W?6666", dump)  # four digits alone may stand in a hash
    assert "柳林" not in dump
    assert "***" in repr(CONTACT)


@pytest.mark.parametrize(
    "written", ["13988886666", "+86 139 8888 6666", "０１３９８８８８６６６６"[1:], "139.8888.6666"]
)
def test_a_customer_is_known_again_however_the_number_is_written(desk: Desk, written: str) -> None:
    logged = desk.log_ticket(AGENT, ticket(), ORIGIN, "t1")
    customer = desk.contacts.keep(AGENT, f"ticket:{logged.id}", CONTACT)
    assert desk.contacts.known_customer(Contact(phone=written)) == customer
    assert desk.contacts.known_customer(Contact(phone="13988886667")) == ""


def test_erasing_a_customer_takes_every_contact_and_leaves_the_records(desk: Desk) -> None:
    first = desk.log_ticket(AGENT, ticket(), ORIGIN, "t1")
    second = desk.file_escalation(AGENT, escalation(), ORIGIN, "e1")
    other = desk.log_ticket(AGENT, ticket(), ORIGIN, "t2")
    desk.contacts.keep(AGENT, f"ticket:{first.id}", CONTACT)
    desk.contacts.keep(AGENT, f"escalation:{second.id}", CONTACT)
    desk.contacts.keep(AGENT, f"ticket:{other.id}", Contact(phone="13700001111"))
    with pytest.raises(NotAllowed):
        desk.contacts.erase(LEADER, "13988886666")
    assert set(desk.contacts.erase(ADMIN, "139 8888 6666")) == {
        f"ticket:{first.id}",
        f"escalation:{second.id}",
    }
    assert not desk.contacts.kept(f"ticket:{first.id}")
    assert desk.contacts.kept(f"ticket:{other.id}")
    assert desk.contacts.known_customer(CONTACT) == ""
    with pytest.raises(NotFound):
        desk.contacts.look(AGENT, f"ticket:{first.id}")
    with pytest.raises(NotFound) as missing:
        desk.contacts.erase(ADMIN, "139 8888 6666")
    assert "8888" not in str(missing.value)
    assert desk.contacts.erase(ADMIN, other.number) == [f"ticket:{other.id}"]
    assert desk.ticket(first.id) == first
    assert desk.verify_audit() is None


def test_what_ended_long_ago_is_purged_and_what_goes_on_is_not(desk: Desk, clock: Clock) -> None:
    going_on = desk.log_ticket(AGENT, ticket(), ORIGIN, "t1")
    ended = desk.file_escalation(AGENT, escalation(), ORIGIN, "e1")
    for subject in (f"ticket:{going_on.id}", f"escalation:{ended.id}"):
        desk.contacts.keep(AGENT, subject, CONTACT)
    desk.reject(SUPERVISOR, ended.id, 1, "重复")
    clock.advance(timedelta(days=29))
    assert desk.contacts.purge(timedelta(days=30)) == []
    clock.advance(timedelta(days=2))
    assert desk.contacts.purge(timedelta(days=30)) == [f"escalation:{ended.id}"]
    assert desk.contacts.purge(timedelta(days=30)) == []
    assert desk.contacts.look(AGENT, f"ticket:{going_on.id}") == CONTACT


def test_keys_can_be_changed(engine: Engine, clock: Clock, keys: list[str]) -> None:
    old = Desk(engine, People(EVERYBODY), clock, vault=Vault(keys))
    logged = old.log_ticket(AGENT, ticket(), ORIGIN, "t1")
    subject = f"ticket:{logged.id}"
    customer = old.contacts.keep(AGENT, subject, CONTACT)
    fresh = new_key()
    both = Desk(engine, People(EVERYBODY), clock, vault=Vault([fresh, *keys]))
    assert both.contacts.known_customer(CONTACT) == customer
    assert both.contacts.reseal(ADMIN) == 1
    new = Desk(engine, People(EVERYBODY), clock, vault=Vault([fresh]))
    assert new.contacts.look(AGENT, subject) == CONTACT
    assert new.contacts.known_customer(CONTACT) == customer
    with pytest.raises(ContactsLocked, match="not in KEFU_CONTACT_KEY"):
        old.contacts.look(AGENT, subject)


def test_without_a_key_or_content_nothing_is_kept(engine: Engine, clock: Clock, desk: Desk) -> None:
    logged = desk.log_ticket(AGENT, ticket(), ORIGIN, "t1")
    subject = f"ticket:{logged.id}"
    with pytest.raises(ContactsLocked, match="kefu privacy key"):
        Desk(engine, People(EVERYBODY), clock).contacts.keep(AGENT, subject, CONTACT)
    with pytest.raises(InvalidInput):
        desk.contacts.keep(AGENT, subject, Contact())
    with pytest.raises(ContactsLocked, match="44 characters"):
        Vault(["short"])
    with pytest.raises(NotFound):
        desk.contacts.keep(AGENT, "ticket:999", CONTACT)
