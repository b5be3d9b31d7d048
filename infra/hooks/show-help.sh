#!/bin/sh
# Prints what a script of this folder does, which is the comment that it begins with, and the variables
# that it reads. Every one of them hands on --help: infra/hooks/show-help.sh SCRIPT.
set -eu

script=${1:-$0}
case "$script" in -h | --help) script=$0 ;; esac
sed -n '2,/^[^#]/s/^#\{1,\} \{0,1\}//p' "$script"
variables=$(grep -Eo '(QJOBS|AZURE)_[A-Z_]*[A-Z]' "$script" | sort -u | tr '\n' ' ')
[ -z "$variables" ] || printf '\nVariables: %s\n' "$variables"
