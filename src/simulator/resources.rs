//! Which path inside the vault is which resource.

use jiff::Timestamp;
use serde_json::Value;

use super::arm::{Arm, nothing};
use super::call::{Answer, Call};
use super::protectable::{find, protectable, registrations};
use super::site::{AZURE_FABRIC, Fabric};
use super::world::World;
use super::{actions, fabrics, health, items, jobs, lists, pairing, verbs};

impl Arm {
    pub fn list(&self, call: &Call, total: usize, row: impl Fn(usize) -> Value) -> Answer {
        self.pages.list(&self.world, call, total, false, row)
    }

    fn all(&self, call: &Call, rows: &[Value]) -> Answer {
        self.list(call, rows.len(), |i| rows[i].clone())
    }

    fn items(&self, call: &Call, all: &[usize]) -> Answer {
        let found = self.world.found(all, call.now);
        self.list(call, found.len(), |i| {
            items::shallow(&self.world, found[i], call.now)
        })
    }

    pub fn in_vault(&self, call: &Call, rest: &[&str], get: bool) -> Answer {
        let (world, now) = (&self.world, call.now);
        let site = &world.site;
        if !get {
            return verbs::write(world, call, rest);
        }
        let named = |list: &[Value], name: &str| {
            let same = |v: &&Value| {
                v["name"]
                    .as_str()
                    .is_some_and(|n| n.eq_ignore_ascii_case(name))
            };
            list.iter().find(same).cloned()
        };
        let each = |f: fn(&World, &Fabric, jiff::Timestamp) -> Value| {
            site.fabrics
                .iter()
                .map(|x| f(world, x, now))
                .collect::<Vec<_>>()
        };
        match rest {
            ["replicationfabrics"] => self.all(call, &each(fabrics::fabric)),
            ["replicationfabrics", name, rest @ ..] => match site.fabric(name) {
                Some(fabric) => self.in_fabric(call, fabric, rest),
                None if *name == AZURE_FABRIC => nothing(call),
                None => Answer::unknown(name, call),
            },
            ["replicationprotectioncontainers"] => self.all(call, &each(pairing::container)),
            ["replicationprotectioncontainermappings"] => {
                let rows: Vec<Value> = site
                    .fabrics
                    .iter()
                    .flat_map(|f| pairing::mappings(world, f, now))
                    .collect();
                self.all(call, &rows)
            }
            ["replicationpolicies", name @ ..] => {
                let rows: Vec<Value> = site
                    .policies
                    .iter()
                    .map(|p| pairing::policy(world, p, now))
                    .collect();
                match name {
                    [] => self.all(call, &rows),
                    [name, ..] => {
                        named(&rows, name).map_or_else(|| Answer::unknown(name, call), Answer::ok)
                    }
                }
            }
            ["replicationprotecteditems"] => self.items(call, &site.protected),
            ["replicationjobs"] => {
                let all: Vec<_> = world
                    .jobs(now)
                    .into_iter()
                    .filter(|j| world.listed(j, now) && verbs::filter(call, j, now))
                    .collect();
                self.list(call, all.len(), |i| jobs::shallow(world, &all[i], now))
            }
            ["replicationjobs", name] => match world.job(name, now) {
                Some(job) => Answer::ok(jobs::job(world, &job, now)),
                None => Answer::unknown(name, call),
            },
            ["replicationjobs", _, "operationresults", name]
            | ["replicationoperationstatus", name]
            | ["operationresults", name] => self.operation(call, name, rest[0]),
            ["replicationevents"] => self.all(call, &lists::events(world, now)),
            ["replicationvaulthealth"] | ["replicationvaulthealth", "default"] => {
                Answer::ok(health::vault_health(world))
            }
            ["replicationvcenters"] => {
                let rows: Vec<Value> = site
                    .fabrics
                    .iter()
                    .flat_map(|f| vcenters(world, f, now))
                    .collect();
                self.all(call, &rows)
            }
            ["replicationrecoveryservicesproviders"] => self.all(call, &each(pairing::provider)),
            ["replicationrecoveryplans"] => self.list(call, site.plans.len(), |i| {
                lists::plan(world, i, now, false)
            }),
            ["replicationrecoveryplans", name] => {
                let found = site
                    .plans
                    .iter()
                    .position(|p| p.name.eq_ignore_ascii_case(name));
                found.map_or_else(
                    || Answer::unknown(name, call),
                    |i| Answer::ok(lists::plan(world, i, now, true)),
                )
            }
            ["replicationappliances"] => {
                let with = |f: &&Fabric| !f.spec.appliances.is_empty();
                let rows: Vec<Value> = site
                    .fabrics
                    .iter()
                    .filter(with)
                    .map(|f| fabrics::appliances(world, f, now))
                    .collect();
                self.all(call, &rows)
            }
            _ => nothing(call),
        }
    }

    fn operation(&self, call: &Call, name: &str, what: &str) -> Answer {
        let status = what == "replicationoperationstatus";
        let asked = || actions::operation(&self.world, call, name, status);
        let Some(job) = self.world.job(name, call.now) else {
            return asked().unwrap_or_else(|| Answer::unknown(name, call));
        };
        if !verbs::signed(call, &job.job) {
            let message =
                "The signature of the operation's address is not the one it was given with.";
            return Answer::error(403, "InvalidOperationSignature", message);
        }
        match what {
            "replicationoperationstatus" => {
                Answer::ok(jobs::operation(&self.world, &job, call.now))
            }
            _ if job.running(call.now) => verbs::accepted(&self.world, call, &job),
            _ => Answer::ok(jobs::job(&self.world, &job, call.now)),
        }
    }

    fn in_fabric(&self, call: &Call, fabric: &Fabric, rest: &[&str]) -> Answer {
        let (world, now) = (&self.world, call.now);
        let one = |list: Vec<Value>, name: &str| {
            let same = |v: &Value| {
                v["name"]
                    .as_str()
                    .is_some_and(|n| n.eq_ignore_ascii_case(name))
            };
            list.into_iter()
                .find(same)
                .map_or_else(|| Answer::unknown(name, call), Answer::ok)
        };
        match rest {
            [] => Answer::ok(fabrics::fabric(world, fabric, now)),
            ["replicationprotectioncontainers"] => {
                self.all(call, &[pairing::container(world, fabric, now)])
            }
            ["replicationprotectioncontainers", name, rest @ ..] => {
                if !fabric.container.eq_ignore_ascii_case(name) {
                    return Answer::unknown(name, call);
                }
                self.in_container(call, fabric, rest)
            }
            ["replicationrecoveryservicesproviders"] => {
                self.all(call, &[pairing::provider(world, fabric, now)])
            }
            ["replicationrecoveryservicesproviders", name] => {
                one(vec![pairing::provider(world, fabric, now)], name)
            }
            ["replicationvcenters"] => self.all(call, &vcenters(world, fabric, now)),
            ["replicationvcenters", name] => one(vcenters(world, fabric, now), name),
            _ => nothing(call),
        }
    }

    fn in_container(&self, call: &Call, fabric: &Fabric, rest: &[&str]) -> Answer {
        let (world, now) = (&self.world, call.now);
        match rest {
            [] => Answer::ok(pairing::container(world, fabric, now)),
            ["replicationprotectioncontainermappings", name @ ..] => {
                let rows = pairing::mappings(world, fabric, now);
                let Some(name) = name.first() else {
                    return self.all(call, &rows);
                };
                let same = |v: &Value| {
                    v["name"]
                        .as_str()
                        .is_some_and(|n| n.eq_ignore_ascii_case(name))
                };
                rows.into_iter()
                    .find(same)
                    .map_or_else(|| Answer::unknown(name, call), Answer::ok)
            }
            ["replicationprotectableitems"] => {
                let all = registrations(world, fabric, now);
                self.pages
                    .list(world, call, all.len(), !all.is_empty(), |i| {
                        protectable(world, all[i], now)
                    })
            }
            ["replicationprotectableitems", name] => match find(world, fabric, name, now) {
                Some(found) => Answer::ok(protectable(world, found, now)),
                None => Answer::unknown(name, call),
            },
            ["replicationprotecteditems"] => self.items(call, &fabric.protected),
            ["replicationprotecteditems", name, rest @ ..] => {
                let Some(index) = world.site.machine_at(&fabric.name, &fabric.container, name)
                else {
                    return Answer::unknown(name, call);
                };
                self.in_item(call, index, rest)
            }
            _ => nothing(call),
        }
    }

    fn in_item(&self, call: &Call, index: usize, rest: &[&str]) -> Answer {
        let (world, now) = (&self.world, call.now);
        // A brief "not found" after a reprotect (asr-rest.md 12): nothing of the item is there then.
        if world.view(index, now).is_some_and(|v| v.hidden) {
            return Answer::unknown(&world.site.machines[index].item, call);
        }
        match rest {
            [] => Answer::ok(items::item(world, index, now)),
            ["recoverypoints"] => {
                let count = lists::point_count(world, index, now);
                self.list(call, count, |i| lists::point(world, index, i, now))
            }
            ["recoverypoints", name] => {
                let count = lists::point_count(world, index, now);
                let mut points = (0..count).map(|i| lists::point(world, index, i, now));
                let same = |v: &Value| v["name"] == **name;
                points
                    .find(same)
                    .map_or_else(|| Answer::unknown(name, call), Answer::ok)
            }
            ["operationresults", job] => match world.job(job, now) {
                Some(job) if !verbs::signed(call, &job.job) => {
                    self.operation(call, &job.job, "item")
                }
                Some(job) if job.running(now) => verbs::accepted(world, call, &job),
                Some(_) => Answer::ok(items::item(world, index, now)),
                None => Answer::unknown(job, call),
            },
            _ => nothing(call),
        }
    }
}

fn vcenters(world: &World, fabric: &Fabric, now: Timestamp) -> Vec<Value> {
    fabric
        .spec
        .vcenters
        .iter()
        .map(|c| pairing::vcenter(world, fabric, c, now))
        .collect()
}
