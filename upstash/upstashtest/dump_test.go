package upstashtest

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func FuzzParseDump(f *testing.F) {
	f.Add("")
	f.Add("v")
	f.Add("6:string1:v")
	f.Add(dump{"hash", []string{"a", "1", "-1"}}.encode())
	f.Add(dump{"hash", []string{"a", "1"}}.encode())
	f.Add(dump{"zset", []string{"a"}}.encode())
	f.Add(dump{"stream", []string{"a"}}.encode())
	f.Fuzz(func(t *testing.T, text string) {
		for _, text := range []string{text, text + digest([]byte(text))} { // one as it is, one that was meant
			d, ok := parseDump(text)
			if !ok {
				continue
			}
			if len(d.items)%dumpWidths[d.kind] != 0 {
				t.Errorf("%d items of a %s", len(d.items), d.kind)
			}
			again, ok := parseDump(d.encode())
			if diff := cmp.Diff(d, again, cmp.AllowUnexported(dump{})); !ok || diff != "" {
				t.Errorf("encoded again (-want +got):\n%s", diff)
			}
		}
	})
}
