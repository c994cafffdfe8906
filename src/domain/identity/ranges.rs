//! The address ranges of the site at home.

use std::net::IpAddr;

use ipnet::IpNet;

/// Most ranges of a site.
const MOST: usize = 256;

/// On-premises ranges, `192.168.0.0/16` or a single address. Empty: nobody stated them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ranges(Vec<IpNet>);

impl Ranges {
    /// # Errors
    /// In words: which one is no range.
    pub fn parse<'a>(raw: impl IntoIterator<Item = &'a str>) -> Result<Self, String> {
        let mut all = Vec::new();
        for one in raw {
            let one = one.trim();
            let net = one.parse::<IpNet>().ok();
            let net = net.or_else(|| one.parse::<IpAddr>().ok().map(IpNet::from));
            let net = net.ok_or_else(|| {
                format!(
                    "{} is no address range like 192.168.0.0/16",
                    one.escape_debug()
                )
            })?;
            if all.len() == MOST {
                return Err(format!("more than {MOST} address ranges"));
            }
            all.push(net.trunc());
        }
        Ok(Self(all))
    }

    /// These and those.
    #[must_use]
    pub fn and(mut self, others: &Self) -> Self {
        let new = others.0.iter().filter(|net| !self.0.contains(net)).copied();
        let new: Vec<IpNet> = new.collect();
        self.0.extend(new);
        self.0.truncate(MOST);
        self
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The range in which an address lies.
    #[must_use]
    pub fn around(&self, address: IpAddr) -> Option<&IpNet> {
        self.0.iter().find(|net| net.contains(&address))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_holds_its_addresses_and_no_others() {
        let ranges = Ranges::parse(["192.168.4.9/16", " 10.1.2.3 ", "fd00::/8"]).unwrap();
        for (address, inside) in [
            ("192.168.255.1", true),
            ("192.169.0.1", false),
            ("10.1.2.3", true),
            ("10.1.2.4", false),
            ("fd12::1", true),
            ("2001:db8::1", false),
        ] {
            let address = address.parse().unwrap();
            assert_eq!(ranges.around(address).is_some(), inside, "{address}");
        }
    }

    #[test]
    fn what_is_no_range_is_told() {
        for raw in ["", "192.168.0.0/33", "home", "10.0.0", "10.0.0.0/"] {
            assert!(Ranges::parse([raw]).is_err(), "{raw:?}");
        }
    }
}
