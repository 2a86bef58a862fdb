terraform {
  required_version = ">= 1.6"
}

provider "digitalocean" {
  token = "dop_v1_d859b81567bc00a01dbd0f25005fefdb03cbf5c39749e2c491eb9487395018f7"
}

resource "digitalocean_droplet" "api" {
  name   = "parcel-pay-api"
  image  = "debian-12-x64"
  region = "fra1"
  size   = "s-2vcpu-4gb"
}
