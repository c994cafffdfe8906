//! Which path is which resource: the reading half of ARM as the built-in site knows it.

use serde_json::{Value, json};

use super::call::{Answer, Call};
use super::pages::Pages;
use super::protectable::{find, protectable, registrations};
use super::site::{AZURE_FABRIC, Fabric};
use super::template::Vars;
use super::world::World;
use super::{compute, fabrics, health, items, jobs, lists, verbs};

/// What is served: a site, and its pages.
pub(super) struct Arm {
    pub world: World,
    pub pages: Pages,
}

impl Arm {
    pub fn answer(&self, call: &Call) -> Answer {
        if let Some(page) = self.pages.ready(&self.world, call) {
            return page;
        }
        let lower = call.lower();
        let parts: Vec<&str> = lower.iter().map(String::as_str).collect();
        let get = call.method == "GET" || call.method == "HEAD";
        match parts.as_slice() {
            ["subscriptions"] if get => Answer::ok(json!({"value": [self.subscription()]})),
            ["subscriptions", sub, rest @ ..] => {
                if *sub != self.world.site.subscription.to_lowercase() {
                    let message = format!("The subscription '{sub}' could not be found.");
                    return Answer::error(404, "SubscriptionNotFound", &message);
                }
                self.in_subscription(call, rest, get)
            }
            _ => nothing(call),
        }
    }

    fn subscription(&self) -> Value {
        let site = &self.world.site;
        json!({"id": format!("/subscriptions/{}", site.subscription), "subscriptionId": site.subscription,
               "tenantId": site.tenant, "displayName": "Contoso production", "state": "Enabled"})
    }

    fn in_subscription(&self, call: &Call, rest: &[&str], get: bool) -> Answer {
        let site = &self.world.site;
        let vaults = "microsoft.recoveryservices";
        let (group, rest) = match rest {
            [] if get => return Answer::ok(self.subscription()),
            ["resourcegroups"] if get => {
                let row = json!({"id": site.group_id, "name": site.resource_group, "location": site.location,
                    "type": "Microsoft.Resources/resourceGroups", "properties": {"provisioningState": "Succeeded"}});
                return Answer::ok(json!({"value": [row]}));
            }
            ["resourcegroups", group, rest @ ..] => {
                if *group != site.resource_group.to_lowercase() {
                    let message = format!("Resource group '{group}' could not be found.");
                    return Answer::error(404, "ResourceGroupNotFound", &message);
                }
                (true, rest)
            }
            rest => (false, rest),
        };
        match rest {
            ["providers", p, "vaults"] if *p == vaults && get => {
                Answer::ok(json!({"value": [self.vault(call)], "nextLink": null}))
            }
            ["providers", p, "vaults", vault, rest @ ..] if *p == vaults && group => {
                if *vault != site.vault.to_lowercase() {
                    return missing("Microsoft.RecoveryServices/vaults", &call.segments[7], site);
                }
                match rest {
                    [] if get => Answer::ok(self.vault(call)),
                    rest => self.in_vault(call, rest, get),
                }
            }
            ["providers", "microsoft.compute", "virtualmachines"] if get => {
                let all = compute::machines(&self.world, call.now);
                self.list(call, all.len(), |i| {
                    compute::vm(&self.world, all[i], call.now, false)
                })
            }
            [
                "providers",
                "microsoft.compute",
                "virtualmachines",
                name,
                rest @ ..,
            ] if group => self.vm(call, name, rest, get),
            _ => nothing(call),
        }
    }

    fn vault(&self, call: &Call) -> Value {
        let site = &self.world.site;
        let mut v = Vars::new(call.now);
        v.set("name", site.vault.as_str())
            .set("location", site.location.as_str());
        v.set("subscription", site.subscription.as_str());
        v.set("resourceGroup", site.resource_group.as_str());
        v.fill("vault")
    }

    fn vm(&self, call: &Call, name: &str, rest: &[&str], get: bool) -> Answer {
        let world = &self.world;
        let there = |i: &usize| world.view(*i, call.now).is_some_and(|v| v.stage.azure_vm);
        let Some(index) = world.site.machine_of_vm(name).filter(there) else {
            return missing("Microsoft.Compute/virtualMachines", name, &world.site);
        };
        match rest {
            [] if get => {
                let expand = call
                    .query("$expand")
                    .is_some_and(|e| e.eq_ignore_ascii_case("instanceview"));
                Answer::ok(compute::vm(world, index, call.now, expand))
            }
            ["instanceview"] if get => Answer::ok(compute::instance_view(world, index, call.now)),
            _ => verbs::not_yet(call),
        }
    }

    fn list(&self, call: &Call, total: usize, row: impl Fn(usize) -> Value) -> Answer {
        self.pages.list(&self.world, call, total, false, row)
    }

    fn all(&self, call: &Call, rows: &[Value]) -> Answer {
        self.list(call, rows.len(), |i| rows[i].clone())
    }

    fn in_vault(&self, call: &Call, rest: &[&str], get: bool) -> Answer {
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
            ["replicationprotectioncontainers"] => self.all(call, &each(fabrics::container)),
            ["replicationprotectioncontainermappings"] => {
                let rows: Vec<Value> = site
                    .fabrics
                    .iter()
                    .flat_map(|f| fabrics::mappings(world, f, now))
                    .collect();
                self.all(call, &rows)
            }
            ["replicationpolicies", name @ ..] => {
                let rows: Vec<Value> = site
                    .policies
                    .iter()
                    .map(|p| fabrics::policy(world, p, now))
                    .collect();
                match name {
                    [] => self.all(call, &rows),
                    [name, ..] => {
                        named(&rows, name).map_or_else(|| Answer::unknown(name, call), Answer::ok)
                    }
                }
            }
            ["replicationprotecteditems"] => self.list(call, site.protected.len(), |i| {
                items::shallow(world, site.protected[i], now)
            }),
            ["replicationjobs"] => {
                let all: Vec<_> = world
                    .jobs()
                    .into_iter()
                    .filter(|j| verbs::filter(call, j, now))
                    .collect();
                self.list(call, all.len(), |i| jobs::shallow(world, &all[i], now))
            }
            ["replicationjobs", name] => match world.job(name) {
                Some(job) => Answer::ok(jobs::job(world, &job, now)),
                None => Answer::unknown(name, call),
            },
            ["replicationjobs", name, "operationresults", _]
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
            ["replicationrecoveryservicesproviders"] => self.all(call, &each(fabrics::provider)),
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
        let Some(job) = self.world.job(name) else {
            return Answer::unknown(name, call);
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
                self.all(call, &[fabrics::container(world, fabric, now)])
            }
            ["replicationprotectioncontainers", name, rest @ ..] => {
                if !fabric.container.eq_ignore_ascii_case(name) {
                    return Answer::unknown(name, call);
                }
                self.in_container(call, fabric, rest)
            }
            ["replicationrecoveryservicesproviders"] => {
                self.all(call, &[fabrics::provider(world, fabric, now)])
            }
            ["replicationrecoveryservicesproviders", name] => {
                one(vec![fabrics::provider(world, fabric, now)], name)
            }
            ["replicationvcenters"] => self.all(call, &vcenters(world, fabric, now)),
            ["replicationvcenters", name] => one(vcenters(world, fabric, now), name),
            _ => nothing(call),
        }
    }

    fn in_container(&self, call: &Call, fabric: &Fabric, rest: &[&str]) -> Answer {
        let (world, now) = (&self.world, call.now);
        match rest {
            [] => Answer::ok(fabrics::container(world, fabric, now)),
            ["replicationprotectioncontainermappings", name @ ..] => {
                let rows = fabrics::mappings(world, fabric, now);
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
            ["replicationprotecteditems"] => self.list(call, fabric.protected.len(), |i| {
                items::shallow(world, fabric.protected[i], now)
            }),
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
            ["operationresults", job] => match world.job(job) {
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

fn vcenters(world: &World, fabric: &Fabric, now: jiff::Timestamp) -> Vec<Value> {
    fabric
        .spec
        .vcenters
        .iter()
        .map(|c| fabrics::vcenter(world, fabric, c, now))
        .collect()
}

/// ARM's own answer for a resource that is not there.
fn missing(kind: &str, name: &str, site: &super::site::Site) -> Answer {
    let group = &site.resource_group;
    let message = format!(
        "The Resource '{kind}/{name}' under resource group '{group}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix"
    );
    Answer::error(404, "ResourceNotFound", &message)
}

/// A path that the built-in site has nothing for.
fn nothing(call: &Call) -> Answer {
    if call.method != "GET" && call.method != "HEAD" {
        return verbs::not_yet(call);
    }
    let message = format!("The built-in site has nothing at '{}'.", call.path);
    Answer::error(404, "ResourceNotFound", &message)
}
