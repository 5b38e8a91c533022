package upstashtest

import (
	"errors"
	"fmt"
)

const (
	megabyte = 1 << 20
	gigabyte = 1 << 30
)

// Limits are the sizes a server accepts, in bytes. Where a field is zero the
// limit is the one of the free and the pay-as-you-go plan. [PlanLimits] has
// those of the other plans.
type Limits struct {
	// MaxRequest is the size of a request's body, and of the replies to one
	// request as well: a large record has to be read in pieces. By default
	// 10 MB.
	MaxRequest int64

	// MaxRecord is the size of a record, which is all that is stored under
	// one key. By default 100 MB. The server counts the bytes of values,
	// fields and members; it looks at commands that add to a record, not at
	// those that make one of others (COPY, ZUNIONSTORE and the like).
	MaxRecord int64

	// MaxKey is the size of a key, by default 32 KB.
	MaxKey int64
}

// freePlan has the limits of the smaller plans.
var freePlan = Limits{MaxRequest: 10 * megabyte, MaxRecord: 100 * megabyte, MaxKey: 32 << 10}

// plans are the plans by name. The key size is the same in all of them.
var plans = map[string]Limits{
	"free":        freePlan,
	"payg":        freePlan,
	"fixed-250mb": freePlan,
	"fixed-1gb":   {10 * megabyte, 200 * megabyte, freePlan.MaxKey},
	"fixed-5gb":   {20 * megabyte, 300 * megabyte, freePlan.MaxKey},
	"fixed-10gb":  {30 * megabyte, 400 * megabyte, freePlan.MaxKey},
	"fixed-50gb":  {50 * megabyte, 500 * megabyte, freePlan.MaxKey},
	"fixed-100gb": {75 * megabyte, 1 * gigabyte, freePlan.MaxKey},
	"fixed-500gb": {100 * megabyte, 5 * gigabyte, freePlan.MaxKey},
}

// PlanLimits returns the documented limits of a plan: "free", "payg", or a fixed
// plan by its size, which is "fixed-250mb", "fixed-1gb", "fixed-5gb",
// "fixed-10gb", "fixed-50gb", "fixed-100gb" or "fixed-500gb".
func PlanLimits(plan string) (Limits, error) {
	l, ok := plans[plan]
	if !ok {
		return Limits{}, fmt.Errorf(`upstashtest: unknown plan %.64q: there are "free", "payg", and "fixed-1gb" with other sizes`, plan)
	}
	return l, nil
}

// orDefault fills in what is zero.
func (l Limits) orDefault() (Limits, error) {
	for _, field := range []struct{ value, standard *int64 }{
		{&l.MaxRequest, &freePlan.MaxRequest},
		{&l.MaxRecord, &freePlan.MaxRecord},
		{&l.MaxKey, &freePlan.MaxKey},
	} {
		switch {
		case *field.value < 0:
			return l, errors.New("upstashtest: a field of Options.Limits is negative; leave it zero for the limit of the free plan")
		case *field.value == 0:
			*field.value = *field.standard
		}
	}
	return l, nil
}
