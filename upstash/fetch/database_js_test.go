package fetch_test

import "os"

// database is the local server in the process that runs Node, see TestUnderNode.
func database() (url, token string, done func()) {
	return os.Getenv("FETCH_TEST_URL"), os.Getenv("FETCH_TEST_TOKEN"), func() {}
}
