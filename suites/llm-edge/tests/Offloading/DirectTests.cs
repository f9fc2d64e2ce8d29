using Suites.LlmEdge.Kernels;
using Suites.LlmEdge.Models;
using Suites.LlmEdge.Offloading.Direct;
using Suites.LlmEdge.Offloading.Neurons;
using Suites.LlmEdge.Tests.Models;

namespace Suites.LlmEdge.Tests.Offloading;

public sealed unsafe class DirectTests : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();
    readonly LanguageModel _model = RandomModels.Of(RandomModels.Small);
    readonly NeuronStore _store;

    public DirectTests() => _store = new(_model);

    [Fact]
    public void Bundles_come_back_from_the_device_as_they_were()
    {
        using var file = CreateOrSkip();
        using var bundle = new NativeBlock(file.Stride, DirectFile.Block);
        foreach (var (layer, neuron) in new[] { (0, 0), (1, 95), (0, 17) })
        {
            file.Read(layer, neuron, bundle.Pointer);
            Assert.Equal(_store.Bytes(layer, neuron), new ReadOnlySpan<byte>(bundle.Pointer, _store.BundleBytes));
        }
        Assert.Equal(4096, file.Stride);
    }

    [Fact]
    public void A_neuron_is_read_once_while_its_slot_is_its_own_and_the_sums_are_those_of_memory()
    {
        var hot = Enumerable.Range(0, 2).Select(_ => new bool[96]).ToArray();
        hot[0][3] = true;
        using var neurons = new DirectNeurons(_store, CreateOrSkip(), hot, 2L * _store.BundleBytes, TimeProvider.System);
        foreach (var neuron in new[] { 3, 1, 2, 1, 3 }) Check(neurons, 0, neuron);
        Assert.Equal(2, neurons.Reads);
        Check(neurons, 0, 4);   // takes the slot of 2
        Check(neurons, 0, 1);
        Assert.Equal(3, neurons.Reads);
        Check(neurons, 0, 2);
        Assert.Equal((4, 4 * 4096), (neurons.Reads, neurons.Bytes));
        Assert.True(neurons.Waited > TimeSpan.Zero);
        var (x, ours, theirs) = (new float[64], new float[64], new float[64]);
        for (var i = 0; i < x.Length; i++) x[i] = i % 5 - 2;
        new SparseFeedForward(_store, neurons, new OpenGates(_store), false).One(1, x, ours);
        new SparseFeedForward(_store, _store, new OpenGates(_store), false).One(1, x, theirs);
        Assert.Equal(theirs, ours);
    }

    [Fact]
    public void A_file_system_without_direct_reads_is_refused()
    {
        var file = new FileInfo("/proc/self/status");
        Assert.SkipUnless(file.Exists, "no /proc here");
        Assert.Equal("The file system of /proc/self/status has no direct reads (O_DIRECT); put the cache on a disk, or choose virtual "
            + "storage.", Assert.Throws<HarnessException>(() => DirectFile.Open(file)).Message);
    }

    void Check(DirectNeurons neurons, int layer, int neuron)
    {
        neurons.Ask(layer, [neuron]);
        Assert.Equal(_store.Bytes(layer, neuron), new ReadOnlySpan<byte>(neurons.Bundle(layer, neuron), _store.BundleBytes));
    }

    BundleFile CreateOrSkip()
    {
        SkipUnlessSupported(_folder);
        return BundleFile.Create(_store, new(Path.Combine(_folder.FullName, "bundles.bin")));
    }

    /// <summary>Skips where the file system of temporary files has no direct reads.</summary>
    internal static void SkipUnlessSupported(DirectoryInfo folder)
    {
        var file = new FileInfo(Path.Combine(folder.FullName, "probe.bin"));
        File.WriteAllBytes(file.FullName, new byte[DirectFile.Block]);
        try
        {
            DirectFile.Open(file).Dispose();
        }
        catch (HarnessException error)
        {
            Assert.Skip(error.Message);
        }
    }

    public void Dispose()
    {
        _store.Dispose();
        _model.Dispose();
        _folder.Delete(recursive: true);
    }
}
