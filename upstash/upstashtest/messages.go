package upstashtest

import "fmt"

// Texts of the service itself; the engine's are passed on as they are.
const (
	msgWrongPass      = "WRONGPASS invalid or missing auth token"
	msgParseCommand   = "ERR failed to parse command"
	msgEmptyCommand   = "ERR empty command"
	msgParsePipeline  = "ERR failed to parse pipeline request"
	msgEmptyPipeline  = "ERR empty pipeline request"
	msgEmptyItem      = "ERR empty pipeline command"
	msgNotFound       = "ERR not found"
	msgResponseFormat = "ERR unsupported value of the Upstash-Response-Format header"
	msgRESP2Base64    = "ERR Upstash-Response-Format: resp2 cannot be combined with Upstash-Encoding: base64"
	msgInternal       = "ERR internal error"
	msgDiscarded      = "EXECABORT Transaction discarded because of: "
	msgNotBusy        = "NOTBUSY No scripts in execution right now."
	msgRecordTooLarge = "ERR max single record size exceeded"
	msgNotFromScript  = "ERR This Redis command is not allowed from script"
)

func tooLargeText(limit, size int64) string {
	return fmt.Sprintf("ERR max request size exceeded. Limit: %d bytes, Actual: %d bytes", limit, size)
}

func keyTooLargeText(limit int64, size int) string {
	return fmt.Sprintf("ERR max key size exceeded. Limit: %d bytes, Actual: %d bytes", limit, size)
}

func noPermissionText(name string) string {
	return fmt.Sprintf("NOPERM this user has no permissions to run the '%s' command or its subcommand", name)
}

// notAvailableText cuts the name short: a client that puts a value where the
// name belongs does not get all of it back.
func notAvailableText(name string) string {
	return fmt.Sprintf("ERR Command is not available: '%.64s'. See https://upstash.com/docs/redis/overall/rediscompatibility for details", name)
}

func wrongArityText(name string) string {
	return fmt.Sprintf("ERR wrong number of arguments for '%s' command", name)
}
