namespace Harness.Cli;

/// <summary>The composition root: lists suites and devices, and maps words of the command line to them.</summary>
public static class Program
{
    public static int Main() => 0;
}
