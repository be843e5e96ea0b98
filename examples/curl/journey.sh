#!/usr/bin/env bash
# From a forgotten password to a session and out of it again, with curl and jq.
#
#   examples/curl/journey.sh http://127.0.0.1:8080 demo@example.com
set -euo pipefail
url=$1 email=$2 access_token=''
answer=$(mktemp)
trap 'rm -f "$answer" "$answer.headers"' EXIT

# Secrets go to curl and jq by pipes and the environment: everybody on the machine sees a command line.
headers() {
  echo 'Content-Type: application/json'
  [ -z "$access_token" ] || echo "Authorization: Bearer $access_token"
}

# call METHOD PATH [BODY]: the body of the answer goes to $answer. False when the server said no: then it is a problem.
call() {
  local status options=(--silent --show-error --max-time 15 --request "$1")
  options+=(--output "$answer" --dump-header "$answer.headers" --write-out '%{http_code}')
  (($# < 3)) || options+=(--data-binary @-)
  status=$(curl "${options[@]}" --header @<(headers) "$url$2" <<<"${3:-}") || exit
  case $status in
    2*) return 0 ;;
    429 | 503)
      # Not done, and the server says when to come again.
      local seconds
      seconds=$(sed -n 's/^retry-after: \([0-9]*\).*/\1/ip' "$answer.headers")
      echo "Too many requests: once more in $seconds s."
      sleep "$seconds"
      call "$@"
      ;;
    *) return 1 ;;
  esac
}

# The same for somebody who is logged in: a token that has run out is renewed, once.
call_as() {
  call "$@" && return
  [ "$(jq -r .code "$answer")" = unauthenticated ] || return
  access_token=''
  call POST /session/refresh "$(refresh_token=$refresh_token jq -n '{refresh_token: env.refresh_token}')" || fail
  keep_tokens
  call "$@"
}

# The refresh token is what an app stores, where the system keeps secrets.
keep_tokens() {
  access_token=$(jq -r .access_token "$answer")
  refresh_token=$(jq -r '.refresh_token // empty' "$answer")
}

fail() {
  jq -r '"\(.title) (\(.code), request \(.request_id))"' "$answer" >&2
  exit 1
}

call POST /password-reset/request "$(email=$email jq -n '{email: env.email}')" || fail
echo "If $email has an account, a mail is on its way. What stands behind the # of its link?"
read -r token

call POST /password-reset/confirm "$(token=$token jq -n '{token: env.token}')" || fail
echo 'A second mail is on its way. The password in it?'
read -r mailed

call POST /login "$(user=$email password=$mailed jq -n '{user: env.user, password: env.password}')" || fail
keep_tokens
# A mailed password opens one thing only: choosing one's own.
while [ -z "$refresh_token" ]; do
  echo 'A new password of your own?'
  read -r own
  change=$(old=$mailed new=$own jq -n '{current_password: env.old, new_password: env.new}')
  if call POST /me/password "$change"; then
    keep_tokens
  else
    [ "$(jq '.errors | length' "$answer")" -gt 0 ] || fail
    jq -r '.errors[] | "\(.field): \(.code)"' "$answer"
  fi
done
call_as GET /me || fail
echo "Logged in as $(jq -r .user_name "$answer")."

# As a quarter of an hour later.
access_token=run.out.now
call_as GET /me || fail
echo "Still logged in as $(jq -r .user_name "$answer"), with a new access token."

call_as POST /logout '{}' || fail
if call POST /session/refresh "$(refresh_token=$refresh_token jq -n '{refresh_token: env.refresh_token}')"; then exit 1; fi
echo "Logged out: $(jq -r .code "$answer")."
