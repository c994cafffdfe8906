//! Which path is which resource: ARM's part of it, down to the vault and the virtual machine.

use serde_json::{Value, json};

use super::call::{Answer, Call};
use super::pages::Pages;
use super::template::Vars;
use super::world::World;
use super::{azure, compute, operation, power};

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
                let full = call
                    .query("statusonly")
                    .is_some_and(|s| s.eq_ignore_ascii_case("true"));
                let all = compute::machines(&self.world, call.now);
                self.list(call, all.len(), |i| {
                    compute::vm(&self.world, all[i], call.now, full)
                })
            }
            ["providers", "microsoft.storage", "storageaccounts"] if get => {
                self.all(call, &azure::storage_accounts(site))
            }
            ["providers", "microsoft.network", "networkinterfaces", name] if get && group => {
                match azure::adapter(&self.world, name, call.now) {
                    Some(adapter) => Answer::ok(adapter),
                    None => missing("Microsoft.Network/networkInterfaces", name, site),
                }
            }
            ["providers", "microsoft.network", "virtualnetworks"] if get => {
                self.all(call, &azure::networks(site))
            }
            [
                "providers",
                "microsoft.offazure",
                "vmwaresites",
                name,
                "runasaccounts",
            ] if get && group => {
                self.all(call, &azure::run_as_accounts(&self.world, name, call.now))
            }
            [
                "providers",
                "microsoft.compute",
                "locations",
                _,
                "operations",
                id,
            ] if get => power::operation(&self.world, call, id),
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
        let Some(found) = compute::find(world, name, call.now) else {
            return missing("Microsoft.Compute/virtualMachines", name, &world.site);
        };
        match rest {
            [] if get => {
                let expand = call
                    .query("$expand")
                    .is_some_and(|e| e.eq_ignore_ascii_case("instanceview"));
                Answer::ok(compute::vm(world, found, call.now, expand))
            }
            ["instanceview"] if get => Answer::ok(compute::instance_view(world, found, call.now)),
            [verb] if call.method == "POST" && !found.test => {
                power::post(world, call, found.machine, verb)
                    .unwrap_or_else(|| operation::not_yet(call))
            }
            _ => operation::not_yet(call),
        }
    }
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
pub(super) fn nothing(call: &Call) -> Answer {
    if call.method != "GET" && call.method != "HEAD" {
        return operation::not_yet(call);
    }
    let message = format!("The built-in site has nothing at '{}'.", call.path);
    Answer::error(404, "ResourceNotFound", &message)
}
