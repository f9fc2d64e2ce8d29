using System.CommandLine;
using Harness.Agent.Measuring;
using Harness.Agent.Running;
using Harness.Agent.Serving;
using Harness.Queue;
using Harness.Queue.Nats.Serving;

namespace Harness.Device;

/// <summary>
/// <c>harness-device agent</c>: serves a fleet with this machine, without anything else installed. Each job runs in a process of its own,
/// which is this program as a worker.
/// </summary>
static class AgentMode
{
    const int Refused = 1, Usage = 64;

    public static int Run(LocalDevice machine, string version, string[] options)
    {
        try
        {
            var root = new RootCommand { Create(machine, version) };
            return root.Parse(["agent", .. options]).Invoke(new() { EnableDefaultExceptionHandler = false });
        }
        catch (HarnessException wrong)
        {
            Say($"harness-device: {wrong.Message}");
            return Usage;
        }
    }

    static Command Create(LocalDevice machine, string version)
    {
        var url = new Option<string?>("--coordinator") { Description = "Address of the coordinator, tls://HOST:PORT; needed once." };
        var token = new Option<string?>("--token") { Description = "What `harness device token` printed; needed once." };
        var name = new Option<string?>("--name") { Description = "Name of this device in the fleet: lower-case letters, digits, dashes." };
        var state = new Option<DirectoryInfo>("--state") { Required = true,
            Description = "Folder of this agent: its key, its data and its unconfirmed results." };
        var jobs = new Option<int?>("--jobs") { Description = "End after this many jobs." };
        var command = new Command("agent", "Serve a fleet with this machine.") { url, token, name, state, jobs };
        command.SetAction(async (parsed, cancellation) =>
        {
            var folder = parsed.GetValue(state)!;
            IDeviceAgent Open(JobLimits? limits) => new LocalAgent(new(new(Environment.ProcessPath!, ["worker"]),
                folder.CreateSubdirectory("cache")) { Limits = WorkerLimits.Of(limits) }, machine, TimeProvider.System);
            await using var device = Open(null);
            var enrolment = await Enrolling.OpenAsync(folder, parsed.GetValue(url), parsed.GetValue(token), parsed.GetValue(name),
                () => device.DescribeAsync(cancellation), cancellation);
            var key = Enrolling.KeyIn(folder);
            await using var link = FleetLinks.ForDevice(new(parsed.GetValue(url) ?? enrolment.Url, enrolment.Authority), key,
                enrolment.Name);
            Say($"device {enrolment.Name} of class {enrolment.Class} serves {enrolment.Url}");
            var parts = new AgentParts(link, key, device, (job, bundle) => Open(Own(job, bundle).Limits), folder, "device", version,
                TimeProvider.System, Say)
            {
                Gates = DeviceGates.OfSysfs("/sys"), MostJobs = parsed.GetValue(jobs),
            };
            var end = await new FleetAgent(parts).RunAsync(cancellation);
            Say($"device {enrolment.Name} ends: {end}");
            return end == AgentEnd.Revoked ? Refused : 0;
        });
        return command;
    }

    /// <exception cref="UnsupportedException">The job needs a plug-in.</exception>
    static Job Own(Job job, IReadOnlyList<BundleFile> bundle) =>
        bundle.FirstOrDefault(file => file.Artefact.Kind == ArtefactKind.Plugin) is not { } plugin ? job
            : throw new UnsupportedException($"{plugin.Artefact.Name} is a plug-in; harness-device runs the suites that it carries.");

    static void Say(string line) => Console.Error.WriteLine(line);
}
