package handlers

import (
	"context"
	"haidang/courses"
	"haidang/courses/media"
	"haidang/courses/staff"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// StorageView is how much an organisation keeps.
type StorageView struct {
	Owner    courses.UnitID `json:"owner"`
	Files    int            `json:"files"`
	Bytes    int64          `json:"bytes" doc:"Of files, their renditions and uploads under way"`
	CapBytes int64          `json:"capBytes,omitempty" doc:"Absent where there is no cap"`
}

// UnitStorage is the same for those who administer the unit.
type UnitStorage struct {
	StorageView
	OwnBytes int64      `json:"ownBytes,omitempty" doc:"The unit's own cap; absent where the installation's settings hold"`
	SetAt    *time.Time `json:"setAt,omitempty" doc:"When an administrator last set it"`
	SetBy    string     `json:"setBy,omitempty" doc:"Who it was"`
}

type storageRoutes struct{ studioRoutes }

func registerStorage(api huma.API, services Services, clock courses.Clock) {
	r := storageRoutes{studioRoutes{catalogRoutes{Services: services, clock: clock}}}
	private(api, get("getStorage", "/api/studio/storage", "How much an organisation keeps"), r.studio)
	private(api, get("getUnitStorage", "/api/units/{code}/storage", "How much a unit keeps and may keep, for its administrators"), r.unit)
	private(api, put("setUnitStorage", "/api/units/{code}/storage", "Let a unit keep so much"), r.set)
}

type storageQuery struct {
	Owner courses.UnitID `query:"owner" required:"true" minLength:"1" maxLength:"40"`
}

func (r storageRoutes) studio(ctx context.Context, actor courses.Actor, in *storageQuery) (*body[StorageView], error) {
	u, err := r.Media.Usage(ctx, actor, in.Owner)
	return &body[StorageView]{Body: storageView(in.Owner, u)}, err
}

func storageView(owner courses.UnitID, u media.Usage) StorageView {
	return StorageView{Owner: owner, Files: u.Files, Bytes: u.Bytes, CapBytes: u.CapBytes}
}

// UnitPath is a route of one unit.
type UnitPath struct {
	Code courses.UnitID `path:"code" maxLength:"40"`
}

func (r storageRoutes) unit(ctx context.Context, actor courses.Actor, in *UnitPath) (*body[UnitStorage], error) {
	u, err := r.Media.Capacity(ctx, actor, in.Code)
	if err != nil {
		return nil, err
	}
	return r.shown(ctx, in.Code, u)
}

type setStorageIn struct {
	UnitPath
	Body struct {
		CapBytes int64 `json:"capBytes" doc:"0: as the installation's settings have it"`
	}
}

func (r storageRoutes) set(ctx context.Context, actor courses.Actor, in *setStorageIn) (*body[UnitStorage], error) {
	tree, err := r.Staff.Tree(ctx)
	if err != nil {
		return nil, err
	}
	if _, stands := tree.At(in.Code, r.clock.Today()); !stands {
		return nil, staff.ErrNoUnit
	}
	u, err := r.Media.SetCap(ctx, actor, in.Code, in.Body.CapBytes)
	if err != nil {
		return nil, err
	}
	return r.shown(ctx, in.Code, u)
}

func (r storageRoutes) shown(ctx context.Context, owner courses.UnitID, u media.Usage) (*body[UnitStorage], error) {
	view := UnitStorage{StorageView: storageView(owner, u), OwnBytes: u.Cap.Bytes}
	if u.Cap.SetBy != "" {
		names, err := r.fullNames(ctx, u.Cap.SetBy)
		if err != nil {
			return nil, err
		}
		view.SetAt, view.SetBy = &u.Cap.SetAt, names[u.Cap.SetBy]
	}
	return &body[UnitStorage]{Body: view}, nil
}
