//! The suite that speaks to a site: over http and https, direct and through a proxy, and from recordings.
