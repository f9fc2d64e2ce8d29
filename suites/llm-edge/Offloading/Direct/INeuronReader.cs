namespace Suites.LlmEdge.Offloading.Direct;

/// <summary>Neurons on a device, each from the beginning of a block on.</summary>
unsafe interface INeuronReader
{
    int Layers { get; }

    /// <summary>Neurons of a layer.</summary>
    int Hidden { get; }

    /// <summary>Bytes of a read: whole blocks.</summary>
    int Stride { get; }

    /// <summary>One read of the device; may be called by several threads at a time.</summary>
    /// <param name="to">A whole stride, on a multiple of <see cref="DirectFile.Block"/>.</param>
    /// <exception cref="HarnessException">The file ended early.</exception>
    void Read(int layer, int neuron, byte* to);
}
