"""Alembic's entry: runs the migrations on the connection that `bot.store.migrate` hands over."""

from alembic import context
from sqlmodel import SQLModel

import bot.store.budget_table
import bot.store.choice_table
import bot.store.connection_table
import bot.store.connector_table
import bot.store.kind_table
import bot.store.origin_table
import bot.store.seat_table
import bot.store.secret_table
import bot.store.tables
import bot.store.token_table
import bot.store.webhook_table  # noqa: F401  (the tables register themselves)

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=SQLModel.metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
