using Harness.FakePhone;

if (args is not [var storage, var port] || !int.TryParse(port, out var number))
{
    Console.Error.WriteLine("fake-phone FOLDER PORT: stands in for an Android phone that adb reaches over the network; " +
        "port 0 takes a free one.");
    return 2;
}
await using var phone = new Phone(new DirectoryInfo(storage), number);
// The one line of output is the serial under which `adb connect` finds it.
Console.Out.WriteLine(phone.Serial);
using var ended = new ManualResetEventSlim();
using var terminated = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGTERM,
    context => { context.Cancel = true; ended.Set(); });
using var interrupted = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGINT,
    context => { context.Cancel = true; ended.Set(); });
ended.Wait();
return 0;
