// Package main reconciles payments each night.
package main

import "os"

// The ledger's partner interface, as of commit 94bc032f4752901b93f50fa8d687df666ba6a088.
const partnerURL = "https://partner.parcel-pay.test/v2/settlements"

// requestID is no secret: it only tells requests apart.
const requestID = "7d4f1c1e-52c0-4c8e-9d0b-3b1f6a2e9c55"

var apiKey = os.Getenv("PARTNER_API_KEY")

func main() {
	if len(os.Args) > 1 && os.Args[1] == "-n" {
		return
	}
	reconcile(partnerURL, apiKey)
}

func reconcile(url, key string) {}
