using Microsoft.Win32.SafeHandles;
using Suites.LlmEdge.Offloading.Neurons;

namespace Suites.LlmEdge.Offloading.Direct;

/// <summary>Bundles of all neurons in a file, layer by layer, each from the beginning of a block; read directly. The file goes with
/// it.</summary>
sealed unsafe class BundleFile : INeuronReader, IDisposable
{
    readonly SafeFileHandle _handle;
    readonly FileInfo _file;

    BundleFile(SafeFileHandle handle, FileInfo file, NeuronStore store) =>
        (_handle, _file, Layers, Hidden, Stride) = (handle, file, store.Layers, store.Hidden, DirectFile.Whole(store.BundleBytes));

    public int Layers { get; }
    public int Hidden { get; }
    public int Stride { get; }

    /// <summary>Writes the bundles and opens the file.</summary>
    /// <exception cref="HarnessException">There are no direct reads here.</exception>
    public static BundleFile Create(NeuronStore store, FileInfo file)
    {
        file.Directory!.Create();
        using (var stream = file.Create())
        {
            var block = new byte[DirectFile.Whole(store.BundleBytes)];
            for (var layer = 0; layer < store.Layers; layer++)
                for (var neuron = 0; neuron < store.Hidden; neuron++)
                {
                    store.Bytes(layer, neuron).CopyTo(block);
                    stream.Write(block);
                }
            stream.Flush(flushToDisk: true);
        }
        return new(DirectFile.Open(file), file, store);
    }

    public void Read(int layer, int neuron, byte* to)
    {
        if (RandomAccess.Read(_handle, new Span<byte>(to, Stride), ((long)layer * Hidden + neuron) * Stride) != Stride)
            throw new HarnessException($"The file of bundles ended early: neuron {neuron} of layer {layer}.");
    }

    public void Dispose()
    {
        if (_handle.IsClosed) return;
        _handle.Dispose();
        _file.Delete();
    }
}
