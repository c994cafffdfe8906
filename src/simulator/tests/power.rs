use super::*;

const VM: &str = "V2A-W2K16-201";

fn header(answer: &Response, name: &str) -> String {
    answer.headers()[name].to_str().expect("text").to_owned()
}

async fn script(site: &Site, vm: &str, line: &str) -> Response {
    let body = json!({"commandId": "RunPowerShellScript", "script": [line]});
    site.post(&format!("{}/runCommand", site.vm(vm)), &body)
        .await
}

#[tokio::test]
async fn a_vm_is_switched_off_and_on_and_its_replication_notices() {
    let site = site(Estate::Recorded).await;
    let id = site.item_id(VM).await;
    let accepted = site
        .post(&format!("{}/deallocate", site.vm(VM)), &Value::Null)
        .await;
    assert_eq!(accepted.status(), 202);
    let (status, location) = (
        header(&accepted, "azure-asyncoperation"),
        header(&accepted, "location"),
    );
    assert!(status.contains("/providers/Microsoft.Compute/locations/"));
    assert_eq!(site.get(&status).await["status"], "InProgress");
    assert_eq!(site.power(VM).await, "deallocating");
    let waiting = site.ask(Method::GET, &location).send().await;
    assert_eq!(waiting.expect("an answer").status(), 202);
    site.advance(600).await;
    assert_eq!(site.get(&status).await["status"], "Succeeded");
    let ended = site.ask(Method::GET, &location).send().await;
    assert_eq!(ended.expect("an answer").status(), 200);
    assert_eq!(site.power(VM).await, "deallocated");
    let off = site.get(&id).await["properties"].clone();
    assert_eq!(off["replicationHealth"], "Critical");
    let rpo = &off["providerSpecificDetails"]["rpoInSeconds"];
    assert!(rpo.as_u64().expect("a number") >= 600, "{rpo}");
    let heartbeat = off["providerSpecificDetails"]["lastHeartbeat"].clone();
    site.advance(600).await;
    let later = &site.get(&id).await["properties"]["providerSpecificDetails"];
    assert_eq!(later["lastHeartbeat"], heartbeat);

    // Off already: a success at once.
    let again = site
        .post(&format!("{}/powerOff", site.vm(VM)), &Value::Null)
        .await;
    let status = header(&again, "azure-asyncoperation");
    assert_eq!(site.get(&status).await["status"], "Succeeded");
    assert_eq!(site.power(VM).await, "deallocated");
    site.post(&format!("{}/start", site.vm(VM)), &Value::Null)
        .await;
    assert_eq!(site.power(VM).await, "starting");
    site.advance(60).await;
    assert_eq!(site.power(VM).await, "running");
    let on = &site.get(&id).await["properties"];
    assert_eq!(on["replicationHealth"], "Normal");
    site.post(&format!("{}/powerOff", site.vm(VM)), &Value::Null)
        .await;
    site.advance(40).await;
    assert_eq!(site.power(VM).await, "stopped");
}

#[tokio::test]
async fn a_script_reads_the_host_id_of_the_agent_one_at_a_time() {
    let site = site(Estate::Recorded).await;
    let accepted = script(&site, VM, "type 'C:\\etc\\drscout.conf'").await;
    assert_eq!(accepted.status(), 202);
    let busy = script(&site, VM, "hostname").await;
    assert_eq!(busy.status(), 409);
    site.advance(30).await;
    let result = site.get(&header(&accepted, "location")).await;
    assert_eq!(
        result["value"][0]["code"],
        "ComponentStatus/StdOut/succeeded"
    );
    let output = text(&result["value"][0]["message"]);
    assert!(
        output.contains("HostId=78834e46-1753-4b85-9e7b-e02962f69ac5"),
        "{output}"
    );
    let status = site.get(&header(&accepted, "azure-asyncoperation")).await;
    assert_eq!(status["status"], "Succeeded");
    assert_eq!(status["properties"]["output"], result);
    let other = script(&site, VM, "hostname").await;
    site.advance(30).await;
    let result = site.get(&header(&other, "location")).await;
    assert_eq!(result["value"][0]["message"], "");
    let wrong = json!({"commandId": "RunShellScript", "script": ["ls"]});
    let wrong = site
        .post(&format!("{}/runCommand", site.vm(VM)), &wrong)
        .await;
    assert_eq!(wrong.status(), 400);
}

#[tokio::test]
async fn a_script_needs_a_running_vm_and_an_agent() {
    let site = site(Estate::Contoso).await;
    let vm = "legacy-2008";
    assert_eq!(script(&site, vm, "hostname").await.status(), 409);
    site.post(&format!("{}/start", site.vm(vm)), &Value::Null)
        .await;
    site.advance(60).await;
    let accepted = script(&site, vm, "hostname").await;
    assert_eq!(accepted.status(), 202);
    site.advance(130).await;
    let status = site.get(&header(&accepted, "azure-asyncoperation")).await;
    assert_eq!(status["status"], "Failed");
    assert_eq!(status["error"]["code"], "VMAgentStatusCommunicationError");
}

#[tokio::test]
async fn the_view_of_a_vm_tells_when_it_became_what_it_is_and_its_agent_is_heard_after_that() {
    let site = site(Estate::Recorded).await;
    let id = site.item_id(VM).await;
    let vm = site.vm(VM);
    let time = |v: &Value| -> jiff::Timestamp { text(v).parse().expect("a time") };
    let view = site.get(&format!("{vm}/instanceView")).await;
    assert_eq!(view["statuses"][1].get("time"), None, "as Azure has it");
    assert_eq!(
        view["vmAgent"]["statuses"][0]["code"],
        "ProvisioningState/succeeded"
    );
    site.post(&format!("{vm}/deallocate"), &Value::Null).await;
    site.advance(30).await;
    let view = site.get(&format!("{vm}/instanceView")).await;
    assert_eq!(view["statuses"][0]["code"], "ProvisioningState/updating");
    site.advance(3600).await;
    site.post(&format!("{vm}/start"), &Value::Null).await;
    site.advance(60).await;
    let view = site.get(&format!("{vm}/instanceView")).await;
    let settled = time(&view["statuses"][0]["time"]);
    let ago = site.running.now().duration_since(settled).as_secs();
    assert!((10..20).contains(&ago), "{ago}");
    for (turned, heard) in [(0, false), (300, true)] {
        site.advance(turned).await;
        let item = site.get(&id).await;
        let beat = time(&item["properties"]["providerSpecificDetails"]["lastHeartbeat"]);
        assert_eq!(beat > settled, heard, "{turned} s later");
    }
}
