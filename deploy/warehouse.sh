#!/bin/sh
# Makes the warehouse's own database and user beside Dagster's, when PostgreSQL's volume is new.
set -eu
psql --quiet --set ON_ERROR_STOP=1 --set password="$ROOTLY_POSTGRES_PASSWORD" \
  --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
CREATE ROLE rootly LOGIN PASSWORD :'password';
CREATE DATABASE rootly OWNER rootly;
SQL
