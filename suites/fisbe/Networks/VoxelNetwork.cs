using Harness.Spiking.Counting;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.Fisbe.Networks;

/// <summary>
/// A U-Net that says of each voxel how many neurons cover it (none, one, more), and of chosen voxels which voxels around belong to the same
/// neuron: one logit for each offset.
/// </summary>
sealed class VoxelNetwork : nn.Module
{
    const int HiddenWidth = 64;
    const int Counts = 3;

    readonly IVoxelUnits units;
    readonly UNet unet;
    readonly VoxelLinear counts, hidden, relations;

    public VoxelNetwork(int channels, int features, int levels, int offsets, IVoxelUnits units, OperationLedger ledger) : base("voxels")
    {
        this.units = units;
        unet = new(channels, features, levels, units);
        counts = new("counts", features, Counts, ledger);
        hidden = new("hidden", features, HiddenWidth, ledger);
        relations = new("relations", HiddenWidth, offsets, ledger);
        RegisterComponents();
    }

    /// <summary>[samples, channels, z, y, x] to [samples·z·y·x, features].</summary>
    public Tensor Features(Tensor images)
    {
        using var scope = NewDisposeScope();
        var features = units.Read(unet.forward(images));
        return features.permute(0, 2, 3, 4, 1).reshape(-1, features.shape[1]).MoveToOuterDisposeScope();
    }

    /// <summary>[voxels, features] to logits [voxels, 3]: covered by no neuron, by one, by more.</summary>
    public Tensor CountLogits(Tensor features) => counts.forward(features);

    /// <summary>[voxels, features] to logits [voxels, offsets]: is the voxel at this offset of the same neuron?</summary>
    public Tensor RelationLogits(Tensor features)
    {
        using var scope = NewDisposeScope();
        return relations.forward(hidden.forward(features).relu()).MoveToOuterDisposeScope();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            foreach (var module in (nn.Module[])[unet, counts, hidden, relations]) module.Dispose();
        base.Dispose(disposing);
    }
}
