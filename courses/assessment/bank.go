package assessment

import (
	"cmp"
	"context"
	"haidang/courses"
	"haidang/courses/catalog"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"time"
)

// Laws is what banks ask of the registry of legal documents.
type Laws interface {
	// Lapsed is those of the places that are no longer in force.
	Lapsed(ctx context.Context, places []catalog.Reference) (map[catalog.Reference]bool, error)
	// Ended is the numbers of documents that are no longer in force, in whole or in
	// part.
	Ended(ctx context.Context) ([]string, error)
}

// Service answers for banks and attempts.
type Service struct {
	store    Store
	objects  Objects
	laws     Laws
	pictures Pictures
	allow    courses.Authority
	clock    courses.Clock
	sealer   func() Sealer

	mu       sync.Mutex
	pools    map[courses.UnitID]pool
	versions map[Ref]Item // immutable, so they may be kept
}

type pool struct {
	entries []Entry
	readAt  time.Time
}

// NewService builds the service; sealer gives the keys of the day.
func NewService(store Store, objects Objects, laws Laws, pictures Pictures, allow courses.Authority, clock courses.Clock, sealer func() Sealer) *Service {
	return &Service{
		store: store, objects: objects, laws: laws, pictures: pictures, allow: allow, clock: clock, sealer: sealer, pools: map[courses.UnitID]pool{}, versions: map[Ref]Item{},
	}
}

// Items lists a bank. It refuses with courses.ErrForbidden.
func (s *Service) Items(ctx context.Context, actor courses.Actor, bank courses.UnitID, filter Filter, page courses.Page) (courses.Slice[Item], error) {
	if err := s.allow.Can(ctx, actor, courses.ReadDraft, courses.Object{Unit: bank}); err != nil {
		return courses.Slice[Item]{}, err
	}
	return s.store.Items(ctx, bank, filter, page)
}

// Item is the newest version, with how it was answered. Who may not read the bank
// gets ErrNoItem.
func (s *Service) Item(ctx context.Context, actor courses.Actor, id courses.ItemID) (Item, Figures, error) {
	x, err := s.item(ctx, actor, id)
	if err != nil {
		return Item{}, Figures{}, err
	}
	figures, err := s.store.Figures(ctx, []Ref{{x.ID, x.Number}})
	return x, figures[Ref{x.ID, x.Number}], err
}

func (s *Service) item(ctx context.Context, actor courses.Actor, id courses.ItemID) (Item, error) {
	x, err := s.store.Item(ctx, id)
	if err == nil && s.allow.Can(ctx, actor, courses.ReadDraft, courses.Object{Unit: x.Bank}) != nil {
		err = ErrNoItem
	}
	return x, err
}

// Figures is how the newest versions of items were answered.
func (s *Service) Figures(ctx context.Context, items []Item) (map[courses.ItemID]Figures, error) {
	refs := make([]Ref, len(items))
	for i, x := range items {
		refs[i] = Ref{x.ID, x.Number}
	}
	found, err := s.store.Figures(ctx, refs)
	if err != nil {
		return nil, err
	}
	byID := make(map[courses.ItemID]Figures, len(found))
	for ref, f := range found {
		byID[ref.Item] = f
	}
	return byID, nil
}

// mostItems is how many questions of a bank are read at a time.
const mostItems = 20_000

// All is every question of a bank that is asked, oldest first: the newest 20,000.
func (s *Service) All(ctx context.Context, actor courses.Actor, bank courses.UnitID) ([]Item, error) {
	var all []Item
	for page := (courses.Page{Limit: 1000}); len(all) < mostItems; {
		found, err := s.Items(ctx, actor, bank, Filter{}, page)
		if err != nil {
			return nil, err
		}
		all = append(all, found.Items...)
		if page.After = found.Next; page.After == "" {
			break
		}
	}
	slices.Reverse(all)
	return all, nil
}

// Askable is the newest versions of the questions that papers may ask, the oldest
// question first and without those that are retired: at most so many, and at least
// those that papers fix and as many for each draw as its paper asks. What cites an
// ended document is among them. It says false when these are too many, and refuses
// with courses.ErrForbidden who may not read one of the banks.
func (s *Service) Askable(ctx context.Context, actor courses.Actor, papers []catalog.Paper, most int) (items []Item, enough bool, err error) {
	pools := map[courses.UnitID][]Entry{}
	for _, p := range papers {
		if _, known := pools[p.Bank]; known || p.Bank == "" {
			continue
		}
		if err := s.allow.Can(ctx, actor, courses.ReadDraft, courses.Object{Unit: p.Bank}); err != nil {
			return nil, false, err
		}
		entries, err := s.store.Pool(ctx, p.Bank)
		if err != nil {
			return nil, false, err
		}
		pools[p.Bank] = entries
	}
	picked, enough := askable(pools, papers, most)
	if !enough {
		return nil, false, nil
	}
	refs := make([]Ref, 0, len(picked))
	for _, e := range picked {
		refs = append(refs, Ref{e.ID, e.Number})
	}
	found, err := s.store.Versions(ctx, refs)
	if err != nil {
		return nil, false, err
	}
	return slices.SortedFunc(maps.Values(found), func(a, b Item) int { return cmp.Compare(a.ID, b.ID) }), true, nil
}

// MayWrite refuses with courses.ErrForbidden who may not put questions into a bank.
func (s *Service) MayWrite(ctx context.Context, actor courses.Actor, bank courses.UnitID) error {
	return s.allow.Can(ctx, actor, courses.WriteCourse, courses.Object{Unit: bank})
}

// Add puts questions into a bank, all or none. It refuses with ErrQuestion.
func (s *Service) Add(ctx context.Context, actor courses.Actor, bank courses.UnitID, items ...Item) ([]Item, error) {
	if err := s.MayWrite(ctx, actor, bank); err != nil {
		return nil, err
	}
	now := s.clock.Now()
	made, ids := make([]Item, len(items)), make([]courses.ItemID, len(items))
	for i := range ids {
		ids[i] = courses.NewID[courses.ItemID](now)
	}
	slices.Sort(ids) // those of one instant stay in their order
	for i, x := range items {
		x, err := x.Clean()
		if err != nil {
			return nil, err
		}
		x.ID, x.Bank, x.Number = ids[i], bank, 1
		x.SavedAt, x.SavedBy = now, actor.Person
		made[i] = x
	}
	if err := s.pictured(ctx, bank, made...); err != nil {
		return nil, err
	}
	if err := s.store.InsertItems(ctx, made); err != nil {
		return nil, err
	}
	s.forget(bank)
	return made, nil
}

// Change makes the next version of a question; attempts that were begun keep
// theirs. It refuses with ErrNoItem, ErrQuestion and, when somebody saved
// meanwhile, courses.ErrConflict.
func (s *Service) Change(ctx context.Context, actor courses.Actor, id courses.ItemID, number int, to Item) (Item, error) {
	was, err := s.item(ctx, actor, id)
	if err != nil {
		return Item{}, err
	}
	if err := s.MayWrite(ctx, actor, was.Bank); err != nil {
		return Item{}, err
	}
	if was.Number != number {
		return Item{}, courses.ErrConflict
	}
	to, err = to.Clean()
	if err != nil {
		return Item{}, err
	}
	if err := s.pictured(ctx, was.Bank, to); err != nil {
		return Item{}, err
	}
	to.ID, to.Bank, to.Number = id, was.Bank, number+1
	to.SavedAt, to.SavedBy = s.clock.Now(), actor.Person
	if err := s.store.ReplaceItem(ctx, to); err != nil {
		return Item{}, err
	}
	s.forget(was.Bank)
	return to, nil
}

// poolAge is how old the list of a bank may be that papers are drawn from.
const poolAge = 5 * time.Second

func (s *Service) forget(bank courses.UnitID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.pools, bank)
}

// pool is the items of a bank that may be asked today: those that cite what is no
// longer in force are left out.
func (s *Service) pool(ctx context.Context, bank courses.UnitID) ([]Entry, error) {
	now := s.clock.Now()
	s.mu.Lock()
	known, found := s.pools[bank]
	s.mu.Unlock()
	if found && now.Sub(known.readAt) < poolAge && !now.Before(known.readAt) {
		return known.entries, nil
	}
	all, err := s.store.Pool(ctx, bank)
	if err != nil {
		return nil, err
	}
	var places []catalog.Reference
	for _, e := range all {
		places = append(places, e.Cites...)
	}
	lapsed, err := s.laws.Lapsed(ctx, places)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(e Entry) bool {
		return slices.ContainsFunc(e.Cites, func(r catalog.Reference) bool { return lapsed[r] })
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pools[bank] = pool{all, now}
	return all, nil
}

// Topic is how many questions of a topic may be asked, by difficulty.
type Topic struct {
	Name               string
	Easy, Medium, Hard int
}

// Topics counts the questions of a bank that may be asked today.
func (s *Service) Topics(ctx context.Context, actor courses.Actor, bank courses.UnitID) ([]Topic, error) {
	if err := s.allow.Can(ctx, actor, courses.ReadDraft, courses.Object{Unit: bank}); err != nil {
		return nil, err
	}
	entries, err := s.pool(ctx, bank)
	if err != nil {
		return nil, err
	}
	byName := map[string]Topic{}
	for _, e := range entries {
		t := byName[e.Topic]
		t.Name = e.Topic
		switch e.Difficulty {
		case "easy":
			t.Easy++
		case "medium":
			t.Medium++
		default:
			t.Hard++
		}
		byName[e.Topic] = t
	}
	names := slices.Sorted(maps.Keys(byName))
	topics := make([]Topic, len(names))
	for i, name := range names {
		topics[i] = byName[name]
	}
	return topics, nil
}

// Lacking implements catalog.Banks.
func (s *Service) Lacking(ctx context.Context, p catalog.Paper) (int, error) {
	if p.Bank == "" {
		return p.Size(), nil
	}
	entries, err := s.pool(ctx, p.Bank)
	if err != nil {
		return 0, err
	}
	_, short := draw(entries, p, rand.New(rand.NewPCG(0, 0)))
	return short, nil
}

// keptVersions is how many versions of items a server keeps in memory.
const keptVersions = 5000

// questions is those of an attempt's slots: as they were asked, with what is right
// by the version that marks them.
func (s *Service) questions(ctx context.Context, slots []Slot) ([]Question, error) {
	var refs []Ref
	for _, slot := range slots {
		refs = append(refs, Ref{slot.Item, slot.Number})
		if slot.Key != 0 {
			refs = append(refs, Ref{slot.Item, slot.Key})
		}
	}
	found, err := s.itemVersions(ctx, refs)
	if err != nil {
		return nil, err
	}
	list := make([]Question, len(slots))
	for i, slot := range slots {
		list[i] = found[Ref{slot.Item, slot.Number}].Question
		if slot.Key != 0 {
			list[i], _ = list[i].corrected(found[Ref{slot.Item, slot.Key}].Question)
		}
	}
	return list, nil
}

// itemVersions reads versions of items, those that are not in memory from the store.
func (s *Service) itemVersions(ctx context.Context, refs []Ref) (map[Ref]Item, error) {
	all := make(map[Ref]Item, len(refs))
	var unknown []Ref
	s.mu.Lock()
	for _, ref := range refs {
		if x, known := s.versions[ref]; known {
			all[ref] = x
		} else {
			unknown = append(unknown, ref)
		}
	}
	s.mu.Unlock()
	if len(unknown) == 0 {
		return all, nil
	}
	found, err := s.store.Versions(ctx, unknown)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.versions) > keptVersions {
		clear(s.versions)
	}
	maps.Copy(s.versions, found)
	maps.Copy(all, found)
	return all, nil
}
