// Package main reconciles payments each night.
package main

import "os"

// The ledger's partner interface.
const partnerURL = "https://partner.parcel-pay.test/v2/settlements"

var apiKey = "f8b97acc97187c257354d2c366eb5300ff4ea911"

func main() {
	if len(os.Args) > 1 && os.Args[1] == "-n" {
		return
	}
	reconcile(partnerURL, apiKey)
}

func reconcile(url, key string) {}
