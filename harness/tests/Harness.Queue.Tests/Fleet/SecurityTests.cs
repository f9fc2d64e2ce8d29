using System.Text;
using System.Text.Json;
using Harness.Agent.Serving;
using Harness.Queue.Blobs;
using Harness.Queue.Coordinating;
using Harness.Queue.Nats.Keys;
using Harness.Queue.Nats.Serving;
using Harness.Queue.Protocol;
using Harness.Testing;
using NATS.Client.Core;

namespace Harness.Queue.Tests.Fleet;

/// <summary>What must be refused is refused, over the real server, and every refusal is a line of the journal and counted.</summary>
public sealed class SecurityTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_token_that_nobody_made_opens_nothing()
    {
        await using var host = await FleetHost.StartAsync();
        var forged = new EnrolmentToken(DeviceKey.Create(), host.Fleet.Address.Authority);
        await Assert.ThrowsAsync<LinkDownException>(() => EnrolAsync(host, forged, "intruder"));
        await LoggedAsync(host, "refused:not_enrolled", "authentication error");
        Assert.Empty(host.Coordinator.Parts.Devices.Devices);
    }

    [Fact]
    public async Task A_token_works_once_and_for_its_class_and_its_key_alone()
    {
        await using var host = await FleetHost.StartAsync();
        var token = await host.TokenAsync("phone");
        Assert.Equal("phone", (await EnrolAsync(host, token, "first")).Class);
        await Assert.ThrowsAsync<LinkDownException>(() => EnrolAsync(host, token, "second"));
        await LoggedAsync(host, "refused:not_enrolled", "authentication error");
        // Also if the server still let it in.
        var refused = await RefusedAsync(() =>
            host.Coordinator.AskedByTokenAsync(token.Hash, Enrolment(token, "third", DeviceKey.Create()), Cancellation));
        Assert.Equal(Refusal.WrongToken, refused);
        await LoggedAsync(host, "refused:wrong_token", "unknown, used or past its time");
        Assert.Equal("first", Assert.Single(host.Coordinator.Parts.Devices.Devices).Name);
    }

    [Fact]
    public async Task A_name_is_never_given_twice_and_a_key_must_sign_its_own_enrolment()
    {
        await using var host = await FleetHost.StartAsync();
        await host.EnrolAsync("one");
        var token = await host.TokenAsync();
        Assert.Equal(Refusal.NotAllowed,
            await RefusedAsync(() => host.Coordinator.AskedByTokenAsync(token.Hash, Enrolment(token, "one", DeviceKey.Create()),
                Cancellation)));
        var stolen = new EnrolRequest("two", Enrolling.KeyIn(host.StateOf("one")).Public, Samples.Card, DeviceKey.Create().Sign("other"u8));
        Assert.Equal(Refusal.WrongSignature,
            await RefusedAsync(() => host.Coordinator.AskedByTokenAsync(token.Hash, Frame.Write(stolen), Cancellation)));
        Assert.Single(host.Coordinator.Parts.Devices.Devices);
        Assert.Single(host.Coordinator.Parts.Devices.Tokens);
    }

    [Fact]
    public async Task A_revoked_device_is_cut_off_at_once_and_never_comes_in_again()
    {
        await using var host = await FleetHost.StartAsync();
        await host.EnrolAsync("one");
        await host.SubmitAsync(Samples.Job(1));
        await using var link = host.LinkOf("one", TimeSpan.FromSeconds(2));
        var lease = (await link.AskAsync<LeaseRequest, LeaseAnswer>("lease", new(5, []), Cancellation)).Lease!;
        await host.Operators.AskAsync<NameRequest, LinesAnswer>("revoke", new("one"), Cancellation);
        // Whichever comes first: the coordinator refuses the request, or the server the connection.
        var failure = await Assert.ThrowsAnyAsync<HarnessException>(
            () => link.AskAsync<ProgressRequest,
                Done>("renew", new(lease.Job.Id, lease.Token, DeviceState.Running), Cancellation).AsTask());
        Assert.True(failure is LinkDownException or RefusedException { Refusal: Refusal.Revoked }, failure.ToString());
        Assert.Equal(Refusal.Revoked, await RefusedAsync(() => host.Coordinator.AskedByDeviceAsync("one", "lease",
            Frame.Write(new LeaseRequest(0, [])), Cancellation)));
        await LoggedAsync(host, "refused:revoked", "revoked");
        await using (var again = host.LinkOf("one", TimeSpan.FromSeconds(2)))
            await Assert.ThrowsAsync<LinkDownException>(() => again.AskAsync<Done, ClockAnswer>("clock", new(true), Cancellation).AsTask());
        await LoggedAsync(host, "refused:not_enrolled", "authentication error");
        await host.RestartAsync();
        Assert.True(host.Coordinator.Parts.Devices.Find("one").Revoked);
    }

    [Fact]
    public async Task A_device_can_neither_read_nor_end_the_job_of_another_of_its_class()
    {
        await using var host = await FleetHost.StartAsync();
        await host.EnrolAsync("owner");
        await host.EnrolAsync("thief");
        var content = "secret weights"u8.ToArray();
        var artefact = new Artefact(ArtefactKind.Weights, "net.bin", BlobHash.Of(content), content.Length);
        await host.Operators.AskAsync<BlobRequest, BlobAnswer>("put", new(artefact.Hash, 0, content.Length), Cancellation, content);
        await host.SubmitAsync(Samples.Job(1, "cpu", artefact));
        await using var owner = host.LinkOf("owner");
        await using var thief = host.LinkOf("thief");
        var lease = (await owner.AskAsync<LeaseRequest, LeaseAnswer>("lease", new(5, []), Cancellation)).Lease!;
        var (job, token) = (lease.Job.Id, lease.Token);
        Assert.Null((await thief.AskAsync<LeaseRequest, LeaseAnswer>("lease", new(0, []), Cancellation)).Lease);

        foreach (var (verb, message) in new (string, byte[])[]
        {
            ("fetch", Frame.Write(new FetchRequest(job, token, artefact.Hash, 0))),
            ("renew", Frame.Write(new ProgressRequest(job, token, DeviceState.Running))),
            ("progress", Frame.Write(new ProgressRequest(job, token, DeviceState.Running))),
            ("put", Frame.Write(new PutRequest(job, token, artefact.Hash, 4, 0), "evil"u8)),
            ("release", Frame.Write(new ReleaseRequest(job, token, "mine"))),
            ("done", Frame.Write(Signed(host, "thief", Envelope("thief", job, token, artefact.Hash)))),
            ("done", Frame.Write(Signed(host, "thief", Envelope("owner", job, token, artefact.Hash)))),
        })
            Assert.Equal(Refusal.NotYours, await RefusedAsync(async () => await thief.AskAsync(verb, message, Cancellation)));
        Assert.Equal(7, host.Counts["refused:not_yours"]);
        Assert.Equal(7, host.Journal.Count(line => line.Contains(" thief refused ", StringComparison.Ordinal)));
        Assert.True((await owner.AskAsync<ProgressRequest, Done>("renew", new(job, token, DeviceState.Running), Cancellation)).Held);
    }

    [Fact]
    public async Task A_device_speaks_under_its_own_name_only_and_hears_nobody_else()
    {
        await using var host = await FleetHost.StartAsync();
        await host.EnrolAsync("owner");
        await host.EnrolAsync("thief");
        await host.SubmitAsync(Samples.Job(1));
        var key = Enrolling.KeyIn(host.StateOf("thief"));
        await using var raw = new NatsConnection(host.Fleet.Address.Options(key, "_INBOX_device_thief"));
        await raw.ConnectAsync();
        var heard = new List<string>();
        foreach (var subject in new[] { "fleet.owner.lease", "control.submit", "jobs.cpu.x", "results.x", "$JS.API.INFO",
            "$JS.API.CONSUMER.MSG.NEXT.JOBS.class-cpu", "$JS.ACK.JOBS.class-cpu.1.1.1.1.0" })
        {
            await raw.PublishAsync(subject, Frame.Write(new LeaseRequest(0, [])), replyTo: "_INBOX_device_thief.x",
                cancellationToken: Cancellation);
            await LoggedAsync(host, "refused:not_allowed", $"Publish Violation - Nkey \"{key.Public}\", Subject \"{subject}\"");
        }
        foreach (var subject in new[] { "fleet.>", "_INBOX_device_owner.>", "jobs.>", "control.*", ">" })
        {
            _ = ListenAsync(raw, subject, heard);
            await LoggedAsync(host, "refused:not_allowed", $"Subscription Violation - Nkey \"{key.Public}\", Subject \"{subject}\"");
        }
        // A request whose answer would go to another's inbox is not answered at all.
        await raw.PublishAsync("fleet.thief.lease", Frame.Write(new LeaseRequest(0, [])), replyTo: "_INBOX_device_owner.x",
            cancellationToken: Cancellation);
        await LoggedAsync(host, "refused:wrong_reply", "thief refused lease");
        Assert.Empty(heard);
        await using var owner = host.LinkOf("owner");
        Assert.NotNull((await owner.AskAsync<LeaseRequest, LeaseAnswer>("lease", new(5, []), Cancellation)).Lease);
        Assert.Empty(heard);
    }

    [Fact]
    public async Task A_bundle_that_was_exchanged_at_the_coordinator_is_not_run()
    {
        await using var host = await FleetHost.StartAsync();
        await host.EnrolAsync("one");
        var content = "good assembly"u8.ToArray();
        var artefact = new Artefact(ArtefactKind.Plugin, "suite.dll", BlobHash.Of(content), content.Length);
        await host.Operators.AskAsync<BlobRequest, BlobAnswer>("put", new(artefact.Hash, 0, content.Length), Cancellation, content);
        await host.SubmitAsync(Samples.Job(1, "cpu", artefact));
        var stored = Directory.GetFiles(Path.Combine(host.Folder.FullName, "coordinator", "contents"), artefact.Hash,
            SearchOption.AllDirectories);
        await File.WriteAllTextAsync(Assert.Single(stored), "evil assembly", Cancellation);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var device = new ScriptedAgent(FleetHost.Success);
        await using var link = host.LinkOf("one");
        var serving = new FleetAgent(host.Agent("one", device, link)).RunAsync(stop.Token);
        await LoggedAsync(host, "leases", "damaged or exchanged");
        await stop.CancelAsync();
        await serving;
        Assert.Empty(device.Trials);
    }

    [Fact]
    public async Task A_job_with_a_path_for_a_name_is_not_taken_in()
    {
        await using var host = await FleetHost.StartAsync();
        foreach (var name in new[] { "../../etc/cron.d/evil", "/etc/passwd", "a/../../b", ".profile" })
        {
            var artefact = new Artefact(ArtefactKind.Data, name, BlobHash.Of([]), 0);
            Assert.Equal(Refusal.BadName, await RefusedAsync(async () => await host.SubmitAsync(Samples.Job(1, "cpu", artefact))));
        }
        Assert.Equal(4, host.Counts["refused:bad_name"]);
        Assert.Empty(await host.Coordinator.Parts.Ledger.DepthsAsync(Cancellation));
    }

    [Fact]
    public async Task A_result_must_be_signed_by_the_device_over_exactly_these_bytes()
    {
        await using var host = await FleetHost.StartAsync();
        await host.EnrolAsync("one");
        await host.EnrolAsync("two");
        await host.SubmitAsync(Samples.Job(1));
        await using var link = host.LinkOf("one");
        var lease = (await link.AskAsync<LeaseRequest, LeaseAnswer>("lease", new(5, []), Cancellation)).Lease!;
        var content = "lines"u8.ToArray();
        var (job, token, hash) = (lease.Job.Id, lease.Token, BlobHash.Of(content));
        var good = Signed(host, "one", Envelope("one", job, token, hash));

        Assert.Equal(Refusal.Unsigned, await DoneRefusedAsync(link, good with { Signature = "" }));
        Assert.Equal(Refusal.WrongSignature, await DoneRefusedAsync(link, good with { Signature = "bm9uZQ==" }));
        Assert.Equal(Refusal.WrongSignature, await DoneRefusedAsync(link, Signed(host, "two", Envelope("one", job, token, hash))));
        Assert.Equal(Refusal.WrongSignature, await DoneRefusedAsync(link, good with { Envelope = good.Envelope.Replace("ok", "failed") }));
        Assert.Equal(Refusal.Unavailable, await DoneRefusedAsync(link, good));
        Assert.Equal(Refusal.Tampered, await RefusedAsync(async () => await link.AskAsync<PutRequest, PutAnswer>("put",
            new(job, token, hash, content.Length, 0), Cancellation, "LINES"u8.ToArray())));
        Assert.Equal(Refusal.Malformed, await RefusedAsync(async () => await link.AskAsync<PutRequest, PutAnswer>("put",
            new(job, token, "../../../etc/passwd", content.Length, 0), Cancellation, content)));
        Assert.Empty(await host.Coordinator.Parts.Ledger.ResultsAsync(0, 10, Cancellation));
        await link.AskAsync<PutRequest, PutAnswer>("put", new(job, token, hash, content.Length, 0), Cancellation, content);
        Assert.Equal(Completion.Accepted, (await link.AskAsync<DoneRequest, DoneAnswer>("done", good, Cancellation)).Completion);
        foreach (var word in new[] { "unsigned", "wrong_signature", "tampered", "malformed" }) await LoggedAsync(host, $"refused:{word}",
            $"({word})");
    }

    [Fact]
    public async Task What_is_too_long_is_refused()
    {
        await using var host = await FleetHost.StartAsync();
        await host.EnrolAsync("one");
        await host.SubmitAsync(Samples.Job(1));
        await using var link = host.LinkOf("one");
        var lease = (await link.AskAsync<LeaseRequest, LeaseAnswer>("lease", new(5, []), Cancellation)).Lease!;
        Assert.Equal(Refusal.Oversized, await RefusedAsync(async () => await link.AskAsync<PutRequest, PutAnswer>("put",
            new(lease.Job.Id, lease.Token, BlobHash.Of([]), 1L << 40, 0), Cancellation)));
        await LoggedAsync(host, "refused:oversized", "above the limit");
        // A client that does not keep to the server's limit is thrown out by the server.
        using var raw = await RawClient.ConnectAsync(host.Fleet.Address, Enrolling.KeyIn(host.StateOf("one")), Cancellation);
        await raw.SendAsync($"PUB fleet.one.hello {Frame.MaximumBytes + 1}\r\n", Cancellation);
        Assert.Contains("Maximum Payload Violation", await raw.ReadToEndAsync(Cancellation));
        await LoggedAsync(host, "refused:oversized", "maximum payload");
    }

    [Fact]
    public async Task Nothing_but_TLS_with_the_right_authority_leaves_this_machine()
    {
        await using var host = await FleetHost.StartAsync();
        await host.EnrolAsync("one");
        var key = Enrolling.KeyIn(host.StateOf("one"));
        var port = new Uri(host.Fleet.Address.Url).Port;
        Assert.Throws<HarnessException>(() => new FleetAddress("nats://192.0.2.1:4270", EnrolmentToken.Plain).Checked());
        Assert.Throws<HarnessException>(() => new FleetAddress("http://127.0.0.1:4270", EnrolmentToken.Plain).Checked());
        Assert.Throws<HarnessException>(() => new FleetAddress("nats://127.0.0.1:4270", host.Fleet.Address.Authority).Checked());
        // A plain connection to the encrypted port, and a server with another authority than the one that was promised.
        foreach (var address in new[] { new FleetAddress($"nats://127.0.0.1:{port}", EnrolmentToken.Plain),
            host.Fleet.Address with { Authority = new string('0', 64) } })
        {
            await using var link = NatsFleetLink.ForDevice(address, key, "one");
            await Assert.ThrowsAsync<LinkDownException>(() => link.AskAsync<Done, ClockAnswer>("clock", new(true), Cancellation).AsTask());
        }
    }

    [Fact]
    public async Task Secrets_come_neither_into_the_journal_nor_into_files_that_others_may_read()
    {
        await using var host = await FleetHost.StartAsync();
        var token = await host.TokenAsync();
        await EnrolAsync(host, token, "one");
        Assert.DoesNotContain(token.Key.Seed, token.ToString());
        Assert.DoesNotContain(host.Journal, line => line.Contains(token.Key.Seed, StringComparison.Ordinal));
        foreach (var file in host.Folder.EnumerateFiles("*", SearchOption.AllDirectories))
        {
            if (file.Extension is ".seed" or ".key" || file.Name == OperatorFile.Name)
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, file.UnixFileMode);
            else if (file.Length < 1 << 20 && !file.FullName.Contains("streams", StringComparison.Ordinal))
                Assert.DoesNotContain(token.Key.Seed, await File.ReadAllTextAsync(file.FullName, Cancellation));
        }
    }

    static Task<Enrolment> EnrolAsync(FleetHost host, EnrolmentToken token, string name) =>
        Enrolling.EnrolAsync(host.Fleet.Address, token, name, Samples.Card, host.StateOf(name), Cancellation);

    static byte[] Enrolment(EnrolmentToken token, string name, DeviceKey key) =>
        Frame.Write(new EnrolRequest(name, key.Public, Samples.Card,
        key.Sign(Encoding.UTF8.GetBytes(EnrolRequest.Statement(token.Hash, name, key.Public)))));

    static Envelope Envelope(string device, string job, long token, string hash) =>
        new(job, token, device, Samples.Card, RunState.Ok, null, hash, 5, default, default, null);

    static DoneRequest Signed(FleetHost host, string signer, Envelope envelope)
    {
        var text = CanonicalJson.Write(envelope);
        return new(text, Enrolling.KeyIn(host.StateOf(signer)).Sign(Encoding.UTF8.GetBytes(text)));
    }

    static Task<Refusal> DoneRefusedAsync(IFleetLink link, DoneRequest request) =>
        RefusedAsync(async () => await link.AskAsync("done", Frame.Write(request), Cancellation));

    /// <summary>The refusal that an answer holds, or that a typed request throws.</summary>
    static async Task<Refusal> RefusedAsync(Func<ValueTask<byte[]>> ask) =>
        JsonSerializer.Deserialize<Answer<Done>>(Frame.Text(await ask()), CanonicalJson.Options)!.Refusal
            ?? throw new InvalidOperationException("not refused");

    static async Task<Refusal> RefusedAsync(Func<Task<ReadOnlyMemory<byte>>> ask) =>
        JsonSerializer.Deserialize<Answer<Done>>(Frame.Text(await ask()), CanonicalJson.Options)!.Refusal
            ?? throw new InvalidOperationException("not refused");

    static async Task<Refusal> RefusedAsync(Func<Task> ask) => (await Assert.ThrowsAsync<RefusedException>(ask)).Refusal;

    /// <summary>Waits until the refusal is counted and a line of the journal says it: the server's own lines come a moment later.</summary>
    static async Task LoggedAsync(FleetHost host, string counter, string text)
    {
        while (!host.Counts.ContainsKey(counter) || !host.Journal.Any(line => line.Contains(text, StringComparison.Ordinal)))
            await Task.Delay(10, Cancellation);
    }

    static async Task ListenAsync(NatsConnection connection, string subject, List<string> heard)
    {
        await foreach (var message in connection.SubscribeAsync<byte[]>(subject, cancellationToken: Cancellation))
            lock (heard) heard.Add(message.Subject);
    }
}
