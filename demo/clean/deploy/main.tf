terraform {
  required_version = ">= 1.6"
}

variable "do_token" {
  type      = string
  sensitive = true
}

provider "digitalocean" {
  token = var.do_token
}

resource "digitalocean_droplet" "api" {
  name   = "parcel-pay-api"
  image  = "debian-12-x64"
  region = "fra1"
  size   = "s-2vcpu-4gb"
}
