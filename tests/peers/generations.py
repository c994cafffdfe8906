#!/usr/bin/env python3
"""Microsoft's own client takes machines of every generation where circle.py does not go: a modernised one round its whole
circle with a cancelled failover in it, one of Hyper-V with a job that waits, and all of them to Azure - with the target
changed before, a test and its clean-up, an older recovery point, another one, and the commit.

    generations.py --base URL --sub SUB --rg RG --vault VAULT --log exchanges.jsonl

It says and writes what circle.py does.
"""
import argparse, json, sys, time, traceback, urllib.request

from azure.core.exceptions import HttpResponseError
from azure.mgmt.recoveryservicessiterecovery import SiteRecoveryManagementClient, models as m

from circle import FakeCredential, PlainBearer, Wire

PENDING = "UnplannedFailoverCommitPendingStatesBegin"


class Vault:
    """The client and everything that is not of one generation."""

    def __init__(self, options):
        self.options, self.failed, self.seen = options, [], {}
        self.wire = Wire(open(options.log, "w", buffering=1))
        self.client = SiteRecoveryManagementClient(
            FakeCredential(), options.sub, api_version="2025-08-01", base_url=options.base,
            authentication_policy=PlainBearer(), per_call_policies=[self.wire], polling_interval=1, retry_total=1,
        )
        self.vault = (options.rg, options.vault)
        self.items, self.jobs = self.client.replication_protected_items, self.client.replication_jobs

    def step(self, name, work):
        try:
            self.seen[name] = work()
        except HttpResponseError as error:
            self.failed.append(name)
            self.seen[name] = {"status": error.status_code, "message": str(error.message)[:400]}
        except Exception as error:
            self.failed.append(name)
            self.seen[name] = {"error": repr(error)[:400], "at": traceback.format_exc().strip().splitlines()[-3:]}

    def turn(self, seconds=86_400):
        body = json.dumps({"advance_seconds": seconds}).encode()
        kind = {"content-type": "application/json"}
        asked = urllib.request.Request(f"{self.options.base}/_simulator/clock", body, kind)
        urllib.request.urlopen(asked).read()

    def raw(self, path):
        """What is not Site Recovery's, past the SDK: a list of resources of the group."""
        url = f"{self.options.base}/subscriptions/{self.options.sub}/resourceGroups/{self.options.rg}/providers/{path}"
        asked = urllib.request.Request(f"{url}?api-version=2023-01-01", headers={"Authorization": "Bearer any"})
        return json.load(urllib.request.urlopen(asked))["value"]

    def policy(self, name):
        return next(p.id for p in self.client.replication_policies.list(*self.vault) if p.name == name)


class Machine:
    def __init__(self, vault, name):
        self.v, self.name = vault, name
        item = next(i for i in vault.items.list(*vault.vault) if i.properties.friendly_name == name)
        parts = item.id.split("/")
        self.id, self.at = item.id, (*vault.vault, parts[-5], parts[-3], parts[-1])

    def item(self):
        return self.v.items.get(*self.at).properties

    def is_at(self, provider, state, active):
        item = self.item()
        saw = (type(item.provider_specific_details).__name__, item.protection_state, item.active_location)
        assert saw == (f"{provider}ReplicationDetails", state, active), saw
        return saw

    def run(self, begin, *body):
        """A verb, by the SDK's own poller to its end; then its job as the SDK reads it."""
        poller = begin(*self.at, *body)
        poller.result(120)
        assert poller.status() == "Succeeded", poller.status()
        return self.last_job()

    def last_job(self):
        ours = next(j for j in self.v.jobs.list(*self.v.vault) if j.properties.target_object_name == self.name)
        job = self.v.jobs.get(*self.v.vault, ours.name).properties
        return {"job": job.scenario_name, "state": job.state, "custom": type(job.custom_details).__name__,
                "tasks": [f"{t.name}:{t.state_description}" for t in job.tasks]}

    def reprotect(self, details, direction=None):
        properties = m.ReverseReplicationInputProperties(failover_direction=direction, provider_specific_details=details)
        return self.run(self.v.items.begin_reprotect, m.ReverseReplicationInput(properties=properties))

    def planned_body(self, details, direction=None):
        properties = m.PlannedFailoverInputProperties(failover_direction=direction, provider_specific_details=details)
        return m.PlannedFailoverInput(properties=properties)

    def planned(self, details, direction=None):
        return self.run(self.v.items.begin_planned_failover, self.planned_body(details, direction))

    def cancel(self):
        return self.run(self.v.items.begin_failover_cancel)

    def commit(self):
        return self.run(self.v.items.begin_failover_commit)

    # The way to Azure.

    def update(self, properties):
        saw = self.run(self.v.items.begin_update, m.UpdateReplicationProtectedItemInput(properties=properties))
        assert saw["job"] == "UpdateVmProperties", saw
        details = self.item().provider_specific_details.as_dict()
        names = {details.get(k) for k in ("recoveryAzureVMName", "recoveryAzureVmName", "targetVmName")}
        assert f"new-{self.name}" in names, details
        sizes = self.v.client.target_compute_sizes.list_by_replication_protected_items(*self.at)
        assert "Standard_E4s_v5" in {s.name for s in sizes}
        return saw

    def test(self, details, network):
        properties = m.TestFailoverInputProperties(
            failover_direction="PrimaryToRecovery", network_type="VmNetworkAsInput", network_id=network,
            provider_specific_details=details,
        )
        saw = self.run(self.v.items.begin_test_failover, m.TestFailoverInput(properties=properties))
        assert saw["custom"] == "TestFailoverJobDetails", saw
        item = self.item()
        assert item.test_failover_state == "WaitingForCompletion", item.test_failover_state
        assert item.allowed_operations == ["TestFailoverCleanup"], item.allowed_operations
        body = m.TestFailoverCleanupInput(properties=m.TestFailoverCleanupInputProperties(comments="seen"))
        return saw, self.run(self.v.items.begin_test_failover_cleanup, body)

    def points(self):
        return list(self.v.client.recovery_points.list_by_replication_protected_items(*self.at))

    def fail_over(self, make, source="NotRequired"):
        """To the newest application-consistent point."""
        kind = "ApplicationConsistent"
        point = next(p.id for p in self.points() if p.properties.recovery_point_type == kind)
        properties = m.UnplannedFailoverInputProperties(
            failover_direction="PrimaryToRecovery", source_site_operations=source, provider_specific_details=make(point),
        )
        saw = self.run(self.v.items.begin_unplanned_failover, m.UnplannedFailoverInput(properties=properties))
        assert self.item().failover_recovery_point_id == point
        return saw

    def change_point(self, make):
        used = self.item().failover_recovery_point_id
        point = next(p.id for p in self.points() if p.id != used)
        properties = m.ApplyRecoveryPointInputProperties(recovery_point_id=point, provider_specific_details=make(point))
        saw = self.run(self.v.items.begin_apply_recovery_point, m.ApplyRecoveryPointInput(properties=properties))
        assert self.item().failover_recovery_point_id == point
        return saw

    def committed_in_azure(self):
        saw = self.commit()
        assert self.item().active_location == "Recovery" and not self.points()
        return saw


def beside(machine, provider, network):
    """The target as classic machines and those of Hyper-V take it."""
    nic = machine.item().provider_specific_details.vm_nics[0].nic_id
    address = m.IPConfigInputDetails(ip_config_name="ipconfig1", is_primary=True, recovery_subnet_name="servers",
                                     recovery_static_ip_address="10.8.2.46")
    nics = [m.VMNicInputDetails(nic_id=nic, selection_type="SelectedByUser", ip_configs=[address])]
    return m.UpdateReplicationProtectedItemInputProperties(
        recovery_azure_vm_name=f"new-{machine.name}", recovery_azure_vm_size="Standard_E4s_v5",
        selected_recovery_azure_network_id=network, vm_nics=nics, provider_specific_details=provider,
    )


def modernised(vault, network, storage):
    machine, step = Machine(vault, "app-04"), vault.step
    fabrics = vault.client.replication_fabrics.list(*vault.vault)
    kind = m.InMageRcmFabricSpecificDetails
    fabric = next(f.properties.custom_details for f in fabrics if isinstance(f.properties.custom_details, kind))
    agent = next(a for a in fabric.reprotect_agents if a.accessible_datastores)
    site = fabric.vmware_site_id.split("/providers/")[1]
    account = vault.raw(f"{site}/runAsAccounts")[0]["id"]
    home = m.InMageRcmReprotectInput(reprotect_agent_id=agent.id, datastore_name=agent.accessible_datastores[0],
                                     log_storage_account_id=storage)
    planned = m.InMageRcmFailbackPlannedFailoverProviderInput(recovery_point_type="CrashConsistent")
    azure = m.InMageRcmFailbackReprotectInput(process_server_id=fabric.process_servers[0].id, run_as_account_id=account,
                                              policy_id=vault.policy("24-hour-replication-policy"))
    back = "InMageRcmFailback"
    step("modern reprotect", lambda: machine.reprotect(home, "RecoveryToPrimary"))
    step("modern synchronising", lambda: machine.item().provider_specific_details.as_dict())
    step("a day later", vault.turn)
    step("modern ready", lambda: machine.is_at(back, "Protected", "Primary"))
    step("modern planned failover", lambda: machine.planned(planned))
    step("modern at home", lambda: machine.is_at(back, "CommitPendingStatesBegin", "Recovery"))
    step("modern cancel", machine.cancel)
    step("modern ready again", lambda: machine.is_at(back, "Protected", "Primary"))
    step("modern planned failover again", lambda: machine.planned(planned))
    step("modern commit", machine.commit)
    step("modern reprotect to Azure", lambda: machine.reprotect(azure))
    step("another day later", vault.turn)
    step("modern replicates to Azure", lambda: machine.is_at("InMageRcm", "Protected", "Primary"))
    nic = machine.item().provider_specific_details.vm_nics[0].nic_id
    nics = [m.InMageRcmNicInput(nic_id=nic, is_primary_nic="true", is_selected_for_failover="true",
                                target_subnet_name="servers", target_static_ip_address="10.8.2.46")]
    target = m.InMageRcmUpdateReplicationProtectedItemInput(
        target_vm_name=f"new-{machine.name}", target_vm_size="Standard_E4s_v5", target_network_id=network, vm_nics=nics)
    properties = m.UpdateReplicationProtectedItemInputProperties(provider_specific_details=target)
    step("modern target", lambda: machine.update(properties))
    step("modern test", lambda: machine.test(m.InMageRcmTestFailoverInput(network_id=network), network))
    make = lambda point: m.InMageRcmUnplannedFailoverInput(perform_shutdown="true", recovery_point_id=point)
    step("modern failover", lambda: machine.fail_over(make))
    step("modern failed over", lambda: machine.is_at("InMageRcm", PENDING, "Recovery"))
    other = lambda point: m.InMageRcmApplyRecoveryPointInput(recovery_point_id=point)
    step("modern other point", lambda: machine.change_point(other))
    step("modern commit in Azure", machine.committed_in_azure)


def classic(vault, network):
    machine, step = Machine(vault, "mail-01"), vault.step
    target = m.InMageAzureV2UpdateReplicationProtectedItemInput()
    step("classic target", lambda: machine.update(beside(machine, target, network)))
    step("classic test", lambda: machine.test(m.InMageAzureV2TestFailoverInput(), network))
    make = lambda point: m.InMageAzureV2UnplannedFailoverInput(recovery_point_id=point)
    step("classic failover", lambda: machine.fail_over(make, "Required"))
    step("classic failed over", lambda: machine.is_at("InMageAzureV2", PENDING, "Recovery"))
    step("classic other point", lambda: machine.change_point(lambda _: m.InMageAzureV2ApplyRecoveryPointInput()))
    step("classic commit in Azure", machine.committed_in_azure)


def hyperv(vault, name, network, storage):
    machine, step = Machine(vault, name), vault.step
    details = m.HyperVReplicaAzureFailbackProviderInput(
        data_sync_option="ForDownTime", recovery_vm_creation_option="NoAction")

    def failback():
        """Its job waits for a person in the middle."""
        body = machine.planned_body(details, "RecoveryToPrimary")
        poller = vault.items.begin_planned_failover(*machine.at, body)
        for _ in range(60):
            vault.turn(60)
            own = lambda j: j.properties.target_object_name == name
            job = next(j for j in vault.jobs.list(*vault.vault) if own(j))
            if "Resume" in job.properties.allowed_actions:
                break
            time.sleep(0.1)
        saw = (job.properties.state, job.properties.state_description)
        assert saw == ("Suspended", "WaitingForUserInputAfterDataSync"), saw
        body = m.ResumeJobParams(properties=m.ResumeJobParamsProperties(comments="go on"))
        vault.jobs.begin_resume(*vault.vault, job.name, body).result(120)
        poller.result(120)
        assert poller.status() == "Succeeded", poller.status()
        return saw, machine.last_job()

    step(f"{name} failback", failback)
    step(f"{name} commit at home", machine.commit)
    step(f"{name} at home", lambda: machine.is_at("HyperVReplicaAzure", "RestoreFinalized", "Primary"))
    registered = machine.item().protectable_item_id.split("/")[-1]
    registered = vault.client.replication_protectable_items.get(*machine.at[:4], registered).properties
    reverse = m.HyperVReplicaAzureReprotectInput(
        hv_host_vm_id=registered.custom_details.source_item_id, vm_name=name, os_type="Windows",
        storage_account_id=storage)
    step(f"{name} reverse", lambda: machine.reprotect(reverse, "PrimaryToRecovery"))
    step(f"{name} protected", lambda: machine.is_at("HyperVReplicaAzure", "Protected", "Primary"))
    target = m.HyperVReplicaAzureUpdateReplicationProtectedItemInput()
    step(f"{name} target", lambda: machine.update(beside(machine, target, network)))
    step(f"{name} test", lambda: machine.test(m.HyperVReplicaAzureTestFailoverInput(), network))
    to_azure = m.HyperVReplicaAzurePlannedFailoverProviderInput()
    step(f"{name} planned failover", lambda: machine.planned(to_azure, "PrimaryToRecovery"))
    required = "PlannedFailoverCommitRequired"
    step(f"{name} failed over", lambda: machine.is_at("HyperVReplicaAzure", required, "Recovery"))
    other = lambda _: m.HyperVReplicaAzureApplyRecoveryPointInput()
    step(f"{name} other point", lambda: machine.change_point(other))
    step(f"{name} commit in Azure", machine.committed_in_azure)


def main():
    arguments = argparse.ArgumentParser()
    for name in ("base", "sub", "rg", "vault", "log"):
        arguments.add_argument("--" + name, required=True)
    vault = Vault(arguments.parse_args())
    network = vault.raw("Microsoft.Network/virtualNetworks")[0]["id"]
    storage = vault.raw("Microsoft.Storage/storageAccounts")[0]["id"]
    for name, work in (
        ("modernised", lambda: modernised(vault, network, storage)),
        ("classic", lambda: classic(vault, network)),
        ("Hyper-V", lambda: hyperv(vault, "hv-dc-02", network, storage)),
        ("VMM", lambda: hyperv(vault, "hq-sql", network, storage)),
    ):
        vault.step(name, work)
    vault.seen["exchanges"], vault.seen["failed"] = vault.wire.count, vault.failed
    print(json.dumps(vault.seen, indent=1, default=str))
    return 1 if vault.failed else 0


if __name__ == "__main__":
    sys.exit(main())
