#!/usr/bin/env python3
"""Microsoft's own clients take one classic machine round the whole circle: protect to the site, Azure's VM off and on,
fail back, commit, protect to Azure; and read everything on the way that failback reads.

    circle.py --base URL --sub SUB --rg RG --vault VAULT --machine NAME --log exchanges.jsonl

Each step says what it saw and what it should have seen; the summary is JSON, exit 0 only when all of it was right. The
log has the form that live_validate.js and judge.js read. The simulated clock is turned over its control plane.
"""
import argparse, json, sys, time, traceback, urllib.request

from azure.core.credentials import AccessToken
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.core.pipeline.policies import SansIOHTTPPolicy
from azure.mgmt.compute import ComputeManagementClient
from azure.mgmt.compute.models import RunCommandInput
from azure.mgmt.recoveryservicessiterecovery import SiteRecoveryManagementClient, models as m


class FakeCredential:
    def get_token(self, *scopes, **options):
        return AccessToken("fake-token", int(time.time()) + 3600)


class PlainBearer(SansIOHTTPPolicy):
    """azure-core refuses bearer tokens over http; loopback is all there is here."""

    def on_request(self, request):
        request.http_request.headers["Authorization"] = "Bearer fake-token"


class Wire(SansIOHTTPPolicy):
    """Writes every exchange down."""

    def __init__(self, file):
        self.file, self.count = file, 0

    def on_response(self, request, response):
        asked, answered = request.http_request, response.http_response
        self.count += 1

        # The first answer of a long operation is streamed.
        getattr(answered, "read", lambda: None)()

        def parsed(text):
            try:
                return json.loads(text) if text else None
            except ValueError:
                return None

        sent = asked.body if hasattr(asked, "body") else asked.data
        line = {
            "method": asked.method,
            "uri": asked.url,
            "reqHeaders": {k.lower(): v for k, v in asked.headers.items() if k.lower() != "authorization"},
            "reqBody": parsed(sent),
            "status": answered.status_code,
            "respHeaders": {k.lower(): v for k, v in answered.headers.items()},
            "respBody": parsed(answered.text()),
        }
        self.file.write(json.dumps(line) + "\n")


class Circle:
    def __init__(self, options):
        self.options, self.failed, self.seen = options, [], {}
        self.wire = Wire(open(options.log, "w", buffering=1))
        common = dict(
            base_url=options.base, authentication_policy=PlainBearer(), per_call_policies=[self.wire],
            polling_interval=1, retry_total=1,
        )
        self.site = SiteRecoveryManagementClient(FakeCredential(), options.sub, api_version="2025-08-01", **common)
        self.compute = ComputeManagementClient(FakeCredential(), options.sub, api_version="2024-03-01", **common)
        self.vault = (options.rg, options.vault)

    def step(self, name, work):
        try:
            self.seen[name] = work()
        except HttpResponseError as error:
            self.failed.append(name)
            self.seen[name] = {"status": error.status_code, "message": str(error.message)[:400]}
        except Exception as error:
            self.failed.append(name)
            self.seen[name] = {"error": repr(error)[:400], "at": traceback.format_exc().strip().splitlines()[-3:]}

    def control(self, what, body):
        asked = urllib.request.Request(
            f"{self.options.base}/_simulator/{what}", json.dumps(body).encode(), {"content-type": "application/json"}
        )
        urllib.request.urlopen(asked).read()

    def turn(self, seconds):
        self.control("clock", {"advance_seconds": seconds})

    # What there is.

    def read(self):
        s, v = self.site, self.vault
        fabrics = list(s.replication_fabrics.list(*v))
        fabric = next(f for f in fabrics if isinstance(f.properties.custom_details, m.VMwareDetails))
        self.fabric = s.replication_fabrics.get(*v, fabric.name)
        self.details = self.fabric.properties.custom_details
        container = next(iter(s.replication_protection_containers.list_by_replication_fabrics(*v, fabric.name)))
        at = (*v, fabric.name, container.name)
        s.replication_protection_containers.get(*at)
        mappings = list(s.replication_protection_container_mappings.list_by_replication_protection_containers(*at))
        s.replication_protection_container_mappings.get(*at, mappings[0].name)
        everywhere = list(s.replication_protection_container_mappings.list(*v))
        assert len(everywhere) >= len(mappings) >= 2
        policies = {p.id.lower(): s.replication_policies.get(*v, p.name) for p in s.replication_policies.list(*v)}
        kinds = {}
        for mapping in mappings:
            policy = policies[mapping.properties.policy_id.lower()]
            kinds.setdefault(type(policy.properties.provider_specific_details).__name__, []).append(policy.id)
        self.policies = kinds
        assert kinds["InMagePolicyDetails"] and kinds["InMageAzureV2PolicyDetails"], kinds
        accounts = [a.account_name for a in self.details.run_as_accounts]
        assert accounts, "no run-as accounts"
        items = s.replication_protected_items.list_by_replication_protection_containers(*at)
        name = self.options.machine
        self.item = next(i.name for i in items if i.properties.friendly_name == name)
        self.at = (*at, self.item)
        registrations = list(s.replication_protectable_items.list_by_replication_protection_containers(*at))
        own = [r for r in registrations if r.properties.friendly_name == name]
        assert {r.properties.custom_details.discovery_type for r in own} == {"vCenter", "Physical"}, own
        s.replication_protectable_items.get(*at, own[0].name)
        for few in (
            s.replicationv_centers.list(*v), s.replication_recovery_services_providers.list(*v),
            s.replication_appliances.list(*v), s.replication_events.list(*v), s.replication_jobs.list(*v),
            s.recovery_points.list_by_replication_protected_items(*self.at),
        ):
            list(few)
        s.replicationv_centers.get(*v, fabric.name, self.details_vcenter(v, fabric))
        s.replication_vault_health.get(*v)
        return {"mappings": len(mappings), "policies": kinds, "accounts": accounts}

    def details_vcenter(self, vault, fabric):
        return next(iter(self.site.replicationv_centers.list_by_replication_fabrics(*vault, fabric.name))).name

    def look(self, provider, states, active):
        item = self.site.replication_protected_items.get(*self.at).properties
        kind, state = type(item.provider_specific_details).__name__, item.protection_state
        saw = (kind, state, item.active_location)
        assert kind == provider and state in states.split(" or ") and item.active_location == active, saw
        return saw

    # What is done.

    def target(self):
        fits = lambda t: t.os_type == "Windows" and t.data_stores and t.retention_volumes
        return next(t for t in self.details.master_target_servers if fits(t))

    def run(self, begin, body, job_name, tasks):
        """A verb by the SDK's own poller; then its job, with the tasks and their states as expected."""
        poller = begin(*self.at, body) if body is not None else begin(*self.at)
        poller.result(120)
        assert poller.status() == "Succeeded", poller.status()
        jobs = self.site.replication_jobs.list(*self.vault)
        ours = next(j for j in jobs if j.properties.friendly_name == job_name)
        job = self.site.replication_jobs.get(*self.vault, ours.name).properties
        states = [f"{t.name}:{t.state_description}" for t in job.tasks]
        assert (job.state, states) == ("Succeeded", tasks), (job.state, states)
        for task in job.tasks:
            for child in getattr(task.group_task_custom_details, "child_tasks", None) or []:
                assert isinstance(child.custom_details, m.JobTaskDetails), child.custom_details
                inner = child.custom_details.job_task.job_id.split("/")[-1]
                inner = self.site.replication_jobs.get(*self.vault, inner).properties
                assert (inner.scenario_name, inner.state) == ("EnableDr", "Succeeded"), inner.state
        return {"state": job.state, "tasks": states, "custom": type(job.custom_details).__name__}

    REPROTECT = [
        "SwitchReplicationGroupProtectionPreflightTask:Completed", "VmCommitFailover:Skipped",
        "DiscoverReplicaTask:Completed", "GetSwitchProtectionRequirementsTask:Completed",
        "ProtectReplicaTask:Completed",
    ]

    def protect(self):
        target = self.target()
        body = m.ReverseReplicationInput(properties=m.ReverseReplicationInputProperties(
            failover_direction="RecoveryToPrimary",
            provider_specific_details=m.InMageReprotectInput(
                master_target_id=target.id, process_server_id=self.details.process_servers[0].id,
                retention_drive=target.retention_volumes[0].volume_name, run_as_account_id="2",
                datastore_name=target.data_stores[0].symbolic_name,
                profile_id=self.policies["InMagePolicyDetails"][0],
            ),
        ))
        return self.run(self.site.replication_protected_items.begin_reprotect, body, "Reprotect", self.REPROTECT)

    def fail_back(self):
        body = m.UnplannedFailoverInput(properties=m.UnplannedFailoverInputProperties(
            failover_direction="PrimaryToRecovery", source_site_operations="Required",
            provider_specific_details=m.InMageUnplannedFailoverInput(recovery_point_type="LatestTime"),
        ))
        tasks = [f"{name}:Completed" for name in (
            "VmUfoPrerequisitesCheck", "VmShutdownVmOnPrimary", "VmPrepareForUnPlannedFailover", "VmFailover",
            "VmFoStartVmOnSecondary",
        )]
        return self.run(self.site.replication_protected_items.begin_unplanned_failover, body, "Failover", tasks)

    def commit(self):
        begin = self.site.replication_protected_items.begin_failover_commit
        return self.run(begin, None, "Commit", ["VmCommitPrerequisitesCheck:Completed", "VmCommit:Completed"])

    def protect_to_azure(self):
        server = self.details.process_servers[0].id
        body = m.ReverseReplicationInput(properties=m.ReverseReplicationInputProperties(
            failover_direction="RecoveryToPrimary",
            provider_specific_details=m.InMageAzureV2ReprotectInput(
                master_target_id=server, process_server_id=server, run_as_account_id="2",
                policy_id=self.policies["InMageAzureV2PolicyDetails"][0],
            ),
        ))
        return self.run(self.site.replication_protected_items.begin_reprotect, body, "Reprotect", self.REPROTECT)

    # The VM in Azure.

    def power(self):
        return next(
            s.code.split("/")[1] for s in self.compute.virtual_machines.instance_view(*self.vm).statuses
            if s.code.startswith("PowerState/")
        )

    def azure_vm(self):
        self.vm = (self.options.rg, self.options.machine)
        vms = self.compute.virtual_machines
        vm = vms.get(*self.vm, expand="instanceView")
        listed = {v.vm_id for v in vms.list(self.options.rg)} & {v.vm_id for v in vms.list_all()}
        assert vm.vm_id in listed, "the VM is in both lists by its vmId"
        agent = vm.instance_view.vm_agent.statuses[0]
        assert agent.display_status == "Ready" and agent.time, agent
        powers = [self.power()]
        script = RunCommandInput(command_id="RunPowerShellScript", script=["Get-Content drscout.conf"])
        printed = vms.begin_run_command(*self.vm, script).result(120).value[0].message
        assert "HostId=" in printed, printed
        for begin in (vms.begin_power_off, vms.begin_start, vms.begin_deallocate, vms.begin_start):
            begin(*self.vm).result(120)
            powers.append(self.power())
        assert powers == ["running", "stopped", "running", "deallocated", "running"], powers
        settled = self.compute.virtual_machines.instance_view(*self.vm).statuses[0].time
        assert settled is not None
        return powers

    def azure_vm_is_gone(self):
        try:
            self.compute.virtual_machines.get(*self.vm)
        except ResourceNotFoundError:
            return "gone"
        raise AssertionError("the VM is still there")

    # What goes wrong.

    def failing_job(self):
        """A job that fails, read with its errors, and restarted."""
        self.control("faults", {"rule": f"JOB {self.options.machine}/unplannedFailover once 78007/8061"})
        try:
            self.fail_back()
            raise AssertionError("the failover did not fail")
        except HttpResponseError as error:
            said = error.message
        jobs = self.site.replication_jobs
        name = next(j.name for j in jobs.list(*self.vault) if j.properties.friendly_name == "Failover")
        job = jobs.get(*self.vault, name).properties
        error = job.errors[0]
        codes = (error.service_error_details.code, error.provider_error_details.error_code)
        assert (job.state, codes) == ("Failed", ("78007", 8061)), (job.state, codes)
        assert [len(t.errors) for t in job.tasks] == [0, 0, 0, 1, 0]
        jobs.begin_restart(*self.vault, name).result(120)
        self.turn(120)
        job = jobs.get(*self.vault, name).properties
        assert job.state == "Succeeded", job.state
        return {"said": said, "codes": codes, "allowed": job.allowed_actions}

    def suspended_job(self):
        """A job that waits for a person, answered."""
        jobs = self.site.replication_jobs
        waits = next(j for j in jobs.list(*self.vault) if "Resume" in (j.properties.allowed_actions or []))
        body = m.ResumeJobParams(properties=m.ResumeJobParamsProperties(comments="seen"))
        jobs.begin_resume(*self.vault, waits.name, body).result(120)
        self.turn(400)
        state = jobs.get(*self.vault, waits.name).properties.state
        assert state == "Succeeded", state
        return waits.properties.state_description

    def go_round(self):
        forward, back = "InMageAzureV2ReplicationDetails", "InMageReplicationDetails"
        begun = "UnplannedFailoverCommitPendingStatesBegin"
        for name, work in (
            ("read", self.read),
            ("committed in Azure", lambda: self.look(forward, "UnplannedFailoverCommitted", "Recovery")),
            ("Azure VM", self.azure_vm),
            ("protect", self.protect),
            # How far the first synchronisation is by now, this machine's load decides.
            ("synchronising", lambda: self.look(back, "InitialReplicationInProgress or Protected", "Primary")),
            ("a day later", lambda: self.turn(86_400)),
            ("replicating home", lambda: self.look(back, "Protected", "Primary")),
            ("failing job", self.failing_job),
            ("at home", lambda: self.look(back, begun, "Recovery")),
            ("Azure VM is off", lambda: self.expect(self.power(), "deallocated")),
            ("commit", self.commit),
            ("committed at home", lambda: self.look(back, "UnplannedFailoverCommitted", "Recovery")),
            ("Azure VM is gone", self.azure_vm_is_gone),
            ("protect to Azure", self.protect_to_azure),
            ("another day later", lambda: self.turn(86_400)),
            ("replicating to Azure", lambda: self.look(forward, "Protected", "Primary")),
            ("suspended job", self.suspended_job),
            ("a second machine fails back", self.second),
        ):
            self.step(name, work)

    def second(self):
        """Without a fault on the way: the SDK's poller to its end."""
        items = self.site.replication_protected_items.list_by_replication_protection_containers(*self.at[:4])
        name = self.options.second
        item = next(i.name for i in items if i.properties.friendly_name == name)
        self.at = (*self.at[:4], item)
        return self.fail_back()

    @staticmethod
    def expect(saw, wanted):
        assert saw == wanted, saw
        return saw


def main():
    arguments = argparse.ArgumentParser()
    for name in ("base", "sub", "rg", "vault", "machine", "second", "log"):
        arguments.add_argument("--" + name, required=True)
    circle = Circle(arguments.parse_args())
    circle.go_round()
    circle.seen["exchanges"], circle.seen["failed"] = circle.wire.count, circle.failed
    print(json.dumps(circle.seen, indent=1, default=str))
    return 1 if circle.failed else 0


sys.exit(main())
