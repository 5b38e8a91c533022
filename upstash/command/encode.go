package command

import (
	"encoding"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"time"
)

// encode returns the one text form of an argument, or says that there is none.
func encode(v any) (string, error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case []byte:
		return string(v), nil
	case int:
		return strconv.Itoa(v), nil
	case int64:
		return strconv.FormatInt(v, 10), nil
	case float64:
		return encodeFloat(v, 64)
	case bool:
		return strconv.FormatBool(v), nil
	case time.Duration:
		return "", errors.New("a time.Duration has no single unit here: give milliseconds or seconds as a number, or use the option that takes a duration")
	case encoding.TextMarshaler:
		if p := reflect.ValueOf(v); p.Kind() == reflect.Pointer && p.IsNil() {
			return "", fmt.Errorf("a nil %T has no text form: give a string, number or bytes", v)
		}
		text, err := v.MarshalText()
		if err != nil {
			return "", &marshalError{what: fmt.Sprintf("%T does not marshal to text", v), err: err}
		}
		return string(text), nil
	case nil:
		return "", errors.New("nil has no text form: give a string, number or bytes")
	}
	return encodeKind(reflect.ValueOf(v))
}

// encodeKind serves named types such as `type UserID string`.
func encodeKind(v reflect.Value) (string, error) {
	switch v.Kind() {
	case reflect.String:
		return v.String(), nil
	case reflect.Bool:
		return strconv.FormatBool(v.Bool()), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return strconv.FormatInt(v.Int(), 10), nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return strconv.FormatUint(v.Uint(), 10), nil
	case reflect.Float32:
		return encodeFloat(v.Float(), 32)
	case reflect.Float64:
		return encodeFloat(v.Float(), 64)
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return string(v.Bytes()), nil
		}
	}
	return "", fmt.Errorf("a %s has no text form: give a string, number or bytes (for JSON, marshal it first)", v.Type())
}

// encodeFloat writes the shortest text that reads back as the same number, in
// plain digits within the range where JavaScript does so too.
func encodeFloat(f float64, bits int) (string, error) {
	switch {
	case math.IsNaN(f):
		return "", errors.New("NaN is not a number that Redis takes")
	case math.IsInf(f, 1):
		return "inf", nil
	case math.IsInf(f, -1):
		return "-inf", nil
	}
	if abs := math.Abs(f); abs != 0 && (abs < 1e-6 || abs >= 1e21) {
		return strconv.FormatFloat(f, 'e', -1, bits), nil
	}
	return strconv.FormatFloat(f, 'f', -1, bits), nil
}

// marshalError says which type failed. Its cause may quote the value: it is
// there to unwrap, not to print.
type marshalError struct {
	what string
	err  error
}

func (e *marshalError) Error() string { return e.what }

func (e *marshalError) GoString() string { return e.what }

func (e *marshalError) Unwrap() error { return e.err }
