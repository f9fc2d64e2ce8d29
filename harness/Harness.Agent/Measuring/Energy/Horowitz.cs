namespace Harness.Agent.Measuring.Energy;

/// <summary>
/// Energies of operations in 45 nm CMOS at 0.9 V, pJ: Horowitz, "Computing's energy problem (and what we can do about it)", ISSCC 2014.
/// </summary>
public static class Horowitz
{
    public const string Source = "Horowitz, ISSCC 2014 (45 nm)";
    public const double Int8Add = 0.03, Int8Multiply = 0.2, Int32Add = 0.1, Int32Multiply = 3.1;
    public const double Float16Add = 0.4, Float16Multiply = 1.1, Float32Add = 0.9, Float32Multiply = 3.7;
    /// <summary>Reading 64 bits from a cache of 8 kB, 32 kB and 1 MB.</summary>
    public const double Cache8KB = 10, Cache32KB = 20, Cache1MB = 100;
    /// <summary>Reading 64 bits from DRAM: from 1.3 nJ to 2.6 nJ.</summary>
    public const double DramLow = 1300, DramHigh = 2600;
    public const double Float32Mac = Float32Multiply + Float32Add, Int8Mac = Int8Multiply + Int8Add;
}
