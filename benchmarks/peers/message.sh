#!/bin/sh
# A message on an order of a JSON file, with jq: written beside the file, synced, put in its place.  message.sh FILE ORDER TEXT
set -e
jq -c --arg id "$2" --arg text "$3" \
  'if .orders[$id] then .orders[$id].events += [{type: "message_sent", at: .now, by: "buyer", text: $text}] else error("no order \($id)") end' \
  "$1" > "$1.new"
sync -d "$1.new"
mv "$1.new" "$1"
sync "$(dirname "$1")"
