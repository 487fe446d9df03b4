// Package demo fills an empty database: the official units, organisations and
// positions, and on request invented people, courses and completions.
package demo

import (
	"bytes"
	"embed"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"haidang/courses"
	"haidang/courses/staff"
	"strconv"
	"strings"
)

//go:embed data
var data embed.FS

// twoTier is the day on which the districts ended.
const twoTier courses.Date = "2025-07-01"

// City is the code of the root of the tree.
const City courses.UnitID = "HP"

// rows reads a CSV file, each row by the names of its columns.
func rows(name string) ([]map[string]string, error) {
	b, err := data.ReadFile("data/" + name)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	records, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	list := make([]map[string]string, 0, len(records))
	for _, r := range records[1:] {
		row := make(map[string]string, len(r))
		for i, name := range records[0] {
			row[name] = r[i]
		}
		list = append(list, row)
	}
	return list, nil
}

// room is a room that every commune-level unit has.
type room struct {
	suffix, name string
	positions    []courses.PositionID // of its staff, head first
}

var communeRooms = []room{
	{"DU", "Cơ quan Đảng ủy", []courses.PositionID{"BTDU", "PBTDU", "CVPDU", "TBXDD", "CNUBKT", "CVDANG"}},
	{"VP", "Văn phòng HĐND và UBND", []courses.PositionID{"CVP", "PCVP", "CM-VP", "CM-TP", "CM-HDND", "CM-KT", "CTUBND", "PCTUBND"}},
	{"KT", "Phòng Kinh tế", []courses.PositionID{"TP", "PTP", "CM-TC", "CM-KH", "CM-XD", "CM-NN", "CM-TNMT", "CM-GT"}},
	{"VHXH", "Phòng Văn hóa - Xã hội", []courses.PositionID{"TP", "PTP", "CM-NV", "CM-LD", "CM-GD", "CM-VH", "CM-YT", "CM-TT"}},
	{"HCC", "Trung tâm Phục vụ hành chính công", []courses.PositionID{"GDTT", "PGDTT", "CM-HCC", "CM-HCC"}},
	{"MT", "Cơ quan Ủy ban MTTQ", []courses.PositionID{"CTMTTQ", "PCTMTTQ", "CM-MT"}},
}

var cityRooms = []room{
	{"VP", "Văn phòng", []courses.PositionID{"CVDANG", "CM-VP"}},
	{"NV", "Phòng nghiệp vụ", []courses.PositionID{"TP", "PTP", "CM-NV"}},
}

// units is the whole tree: the city, 31 organisations, 114 communes and rooms.
func units() ([]staff.Unit, error) {
	list := []staff.Unit{{
		Code: City, Name: "Hải Phòng", FullName: "Thành phố Hải Phòng", Kind: staff.City, From: twoTier, Verified: true,
	}}
	organisations, err := rows("organisations.csv")
	if err != nil {
		return nil, err
	}
	for i, r := range organisations {
		parent := City
		if r["parent"] != "" {
			parent = courses.UnitID(r["parent"])
		}
		u := staff.Unit{
			Code: courses.UnitID(r["code"]), Name: r["name"], FullName: r["name"], ShortName: r["short_name"], Kind: staff.UnitKind(r["kind"]),
			Parent: parent, Order: i + 1, From: twoTier, Verified: strings.HasPrefix(r["evidence"], "verified"),
		}
		list = append(append(list, u), rooms(u, cityRooms)...)
	}
	communes, err := rows("units.csv")
	if err != nil {
		return nil, err
	}
	for _, r := range communes {
		order, err := strconv.Atoi(r["official_order"])
		if err != nil {
			return nil, fmt.Errorf("read the order of %s: %w", r["code"], err)
		}
		u := staff.Unit{
			Code: courses.UnitID(r["code"]), Name: r["name"], FullName: r["full_name"], Kind: staff.UnitKind(r["type"]),
			Parent: City, Order: order, From: twoTier, Verified: true,
		}
		list = append(append(list, u), rooms(u, communeRooms)...)
	}
	return list, nil
}

func rooms(u staff.Unit, kinds []room) []staff.Unit {
	list := make([]staff.Unit, len(kinds))
	for i, k := range kinds {
		list[i] = staff.Unit{
			Code: u.Code + "." + courses.UnitID(k.suffix), Name: k.name, FullName: k.name + ", " + u.FullName, Kind: staff.Room,
			Parent: u.Code, Order: u.Order, From: twoTier,
		}
	}
	return list
}

func positions() ([]staff.Position, error) {
	list, err := rows("positions.csv")
	if err != nil {
		return nil, err
	}
	all := make([]staff.Position, len(list))
	for i, r := range list {
		all[i] = staff.Position{
			Code: courses.PositionID(r["code"]), Title: r["title"], Body: r["body"], Group: r["group"],
			Order: i, Verified: strings.HasPrefix(r["evidence"], "verified"),
		}
	}
	return all, nil
}

// outline is a course of courses.json.
type outline struct {
	Code      string               `json:"code"`
	Title     string               `json:"title"`
	Issuer    courses.UnitID       `json:"issuing_org"`
	Knowledge string               `json:"knowledge_kind"`
	Positions []courses.PositionID `json:"target_positions"`
	Tiet      int                  `json:"tiet"`
	Modules   []struct {
		Title string `json:"title"`
		Tiet  int    `json:"tiet"`
	} `json:"modules"`
	Documents [][2]string `json:"legal_documents"`
}

func outlines() ([]outline, error) {
	b, err := data.ReadFile("data/courses.json")
	if err != nil {
		return nil, fmt.Errorf("read the outlines: %w", err)
	}
	var list []outline
	if err := json.Unmarshal(b, &list); err != nil {
		return nil, fmt.Errorf("read the outlines: %w", err)
	}
	return list, nil
}
