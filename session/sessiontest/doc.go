// Package sessiontest tests what a program does with its sessions.
package sessiontest
