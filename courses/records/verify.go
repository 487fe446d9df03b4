package records

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"haidang/courses"

	"golang.org/x/mod/sumdb/tlog"
)

// Finding is one thing that is wrong with the ledger.
type Finding struct {
	Leaf int64                // -1 for a head, or an entry without one
	ID   courses.CompletionID // of the entry, if there is one
	What string               // English, for the operator
}

// verifyBatch is how many entries are read at a time.
const verifyBatch = 5000

// Verify recomputes the whole ledger from its entries: every leaf, every stored
// hash and every signed head. It reports what is wrong, by entry, and gives how
// many leaves the newest head has. It costs a read of every entry.
func (s *Service) Verify(ctx context.Context, report func(Finding)) (size int64, err error) {
	head, err := s.store.Head(ctx)
	if err != nil {
		return 0, err
	}
	v := &verifier{service: s, stored: newHashes(s.store), report: report}
	if err := v.entries(ctx, head.Size); err != nil {
		return head.Size, err
	}
	if err := v.astray(ctx); err != nil {
		return head.Size, err
	}
	return head.Size, v.heads(ctx)
}

type verifier struct {
	service *Service
	stored  *hashes
	made    []tlog.Hash // stored hashes recomputed from the entries
	report  func(Finding)
}

// entries walks the leaves in order. Where an entry is missing or another, the
// walk goes on with the stored hash, so that only what is wrong is named.
func (v *verifier) entries(ctx context.Context, size int64) error {
	next := int64(0)
	for {
		list, err := v.service.store.Since(ctx, next, verifyBatch)
		if err != nil {
			return err
		}
		for _, c := range list {
			if *c.Leaf >= size {
				v.report(Finding{Leaf: *c.Leaf, ID: c.ID, What: "the entry has a leaf that no head covers"})
				continue
			}
			if err := v.missing(ctx, next, *c.Leaf); err != nil {
				return err
			}
			if err := v.entry(ctx, *c.Leaf, c); err != nil {
				return err
			}
			next = *c.Leaf + 1
		}
		if len(list) < verifyBatch {
			return v.missing(ctx, next, size)
		}
	}
}

// astray names entries that nobody would meet on a walk along the leaves.
func (v *verifier) astray(ctx context.Context) error {
	list, err := v.service.store.Astray(ctx)
	for _, c := range list {
		v.report(Finding{Leaf: -1, ID: c.ID, What: "the entry is outside the ledger: it has no leaf and waits for none"})
	}
	return err
}

// missing goes on with the stored hashes of leaves whose entries are not there.
func (v *verifier) missing(ctx context.Context, from, to int64) error {
	for n := from; n < to; n++ {
		v.report(Finding{Leaf: n, What: "the entry is missing"})
		hash := tlog.Hash{}
		if stored, err := v.stored.reader(ctx).ReadHashes([]int64{tlog.StoredHashIndex(0, n)}); err == nil {
			hash = stored[0]
		}
		if err := v.add(n, hash); err != nil {
			return err
		}
	}
	return nil
}

// entry compares one entry with the hash that was stored for it.
func (v *verifier) entry(ctx context.Context, n int64, c Completion) error {
	hash, err := c.hash()
	if err != nil {
		return err
	}
	stored, err := v.stored.reader(ctx).ReadHashes([]int64{tlog.StoredHashIndex(0, n)})
	if err != nil {
		v.report(Finding{Leaf: n, ID: c.ID, What: err.Error()})
		return v.add(n, hash)
	}
	if hash != stored[0] {
		v.report(Finding{Leaf: n, ID: c.ID, What: "the entry was changed: its hash is not the leaf's"})
		hash = stored[0]
	}
	return v.add(n, hash)
}

// add appends what a leaf completes to the recomputed hashes.
func (v *verifier) add(n int64, leaf tlog.Hash) error {
	list, err := tlog.StoredHashesForRecordHash(n, leaf, v.reader())
	if err != nil {
		return fmt.Errorf("hash leaf %d: %w", n, err)
	}
	v.made = append(v.made, list...)
	return nil
}

func (v *verifier) reader() tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		list := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			if index >= int64(len(v.made)) {
				return nil, errors.New("a hash beyond the end")
			}
			list[i] = v.made[index]
		}
		return list, nil
	})
}

// heads compares every signed head, and the stored inner hashes, with the tree
// that the entries make.
func (v *verifier) heads(ctx context.Context) error {
	if err := v.inner(ctx); err != nil {
		return err
	}
	from := int64(0)
	for {
		list, err := v.service.store.Heads(ctx, from, verifyBatch)
		if err != nil {
			return err
		}
		for _, h := range list {
			v.head(h)
			from = h.Size + 1
		}
		if len(list) < verifyBatch {
			return nil
		}
	}
}

func (v *verifier) head(h Head) {
	wrong := func(what string) {
		v.report(Finding{Leaf: -1, What: fmt.Sprintf("the head of size %d: %s", h.Size, what)})
	}
	size, root, err := v.service.keys.open(h)
	if err != nil {
		wrong(err.Error())
		return
	}
	if size != h.Size {
		wrong("it was signed for another size")
		return
	}
	made, err := tlog.TreeHash(size, v.reader())
	if err != nil || made != root {
		wrong("the entries do not make the tree that it signs")
	}
}

// inner compares the stored hashes above the leaves.
func (v *verifier) inner(ctx context.Context) error {
	for chunk := int64(0); chunk*chunkHashes < int64(len(v.made)); chunk++ {
		list := v.made[chunk*chunkHashes : min((chunk+1)*chunkHashes, int64(len(v.made)))]
		if err := v.stored.load(ctx, []int64{chunk * chunkHashes}); err != nil {
			return err
		}
		stored := v.stored.chunks[chunk]
		for i, hash := range list {
			at := i * tlog.HashSize
			if len(stored) < at+tlog.HashSize || !bytes.Equal(stored[at:at+tlog.HashSize], hash[:]) {
				level, n := tlog.SplitStoredHashIndex(chunk*chunkHashes + int64(i))
				v.report(Finding{Leaf: n << level, What: fmt.Sprintf("the stored hash over leaves %d–%d was changed", n<<level, (n+1)<<level-1)})
			}
		}
	}
	return nil
}
