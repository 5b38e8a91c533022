package command

// eachField hands the entries of flat pairs (name, value, name, value ...) to
// take, whose values may be of any shape: how servers describe one thing. It is
// for take to pass over names that it does not know, because servers add some.
// A nil list is [ErrNil].
func eachField(r Reply, take func(name string, value Reply) error) error {
	items, err := r.Array()
	if err != nil {
		return err
	}
	if len(items)%2 != 0 {
		return r.mismatch("flat pairs")
	}
	for i := 0; i < len(items); i += 2 {
		name, err := inside(items[i], Reply.Text)
		if err != nil {
			return err
		}
		if err := take(name, items[i+1]); err != nil {
			return err
		}
	}
	return nil
}
