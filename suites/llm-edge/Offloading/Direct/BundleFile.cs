using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Suites.LlmEdge.Offloading.Neurons;

namespace Suites.LlmEdge.Offloading.Direct;

/// <summary>Bundles of all neurons in a file, layer by layer, each from the beginning of a block; read directly. The file goes with
/// it.</summary>
sealed unsafe class BundleFile : IDisposable
{
    readonly SafeFileHandle _handle;
    readonly FileInfo _file;
    readonly int _hidden;
    readonly byte* _buffer;

    BundleFile(SafeFileHandle handle, FileInfo file, int hidden, int bundleBytes)
    {
        (_handle, _file, _hidden, BundleBytes) = (handle, file, hidden, bundleBytes);
        _buffer = (byte*)NativeMemory.AlignedAlloc((nuint)Stride, DirectFile.Block);
    }

    public int BundleBytes { get; }

    /// <summary>Bytes of a read.</summary>
    public int Stride => (BundleBytes + DirectFile.Block - 1) / DirectFile.Block * DirectFile.Block;

    /// <summary>Writes the bundles and opens the file.</summary>
    /// <exception cref="HarnessException">There are no direct reads here.</exception>
    public static BundleFile Create(NeuronStore store, FileInfo file)
    {
        file.Directory!.Create();
        using (var stream = file.Create())
        {
            var block = new byte[(store.BundleBytes + DirectFile.Block - 1) / DirectFile.Block * DirectFile.Block];
            for (var layer = 0; layer < store.Layers; layer++)
                for (var neuron = 0; neuron < store.Hidden; neuron++)
                {
                    store.Bytes(layer, neuron).CopyTo(block);
                    stream.Write(block);
                }
            stream.Flush(flushToDisk: true);
        }
        return new(DirectFile.Open(file), file, store.Hidden, store.BundleBytes);
    }

    /// <summary>One read of the device.</summary>
    public void Read(int layer, int neuron, Span<byte> bundle)
    {
        var read = RandomAccess.Read(_handle, new Span<byte>(_buffer, Stride), ((long)layer * _hidden + neuron) * Stride);
        if (read != Stride) throw new HarnessException($"The file of bundles ended early: neuron {neuron} of layer {layer}.");
        new ReadOnlySpan<byte>(_buffer, BundleBytes).CopyTo(bundle);
    }

    public void Dispose()
    {
        if (_handle.IsClosed) return;
        _handle.Dispose();
        _file.Delete();
        NativeMemory.AlignedFree(_buffer);
        GC.SuppressFinalize(this);
    }
}
