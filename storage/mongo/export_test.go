package mongo

// Fault is how every store wraps what the driver says.
func Fault(doing string, err error) error {
	if err == nil {
		return nil
	}
	return fault(doing, err)
}
